# The 112 named calls: every number of each. Run in this folder: Rscript named.R
# Writes named_r.csv (the numbers, in long form) and the columns used that api_*.csv do not hold: named_srs.csv,
# named_clus1.csv (beside api_clus1.csv, row by row), named_nhanes.csv, named_mu284.csv, named_fpc.csv, named_scd.csv.
suppressMessages(library(survey))
data(api); data(nhanes); data(mu284); data(fpc); data(scd); data(election)
keep <- function(file, d, columns) {
  bare <- function(x) if (is.factor(x)) as.character(x) else as.vector(x)
  d <- as.data.frame(lapply(d[, columns, drop = FALSE], bare))
  names(d) <- gsub(".", "_", names(d), fixed = TRUE)
  write.csv(d, sprintf("named_%s.csv", file), row.names = FALSE, na = "")
}
keep("srs", apisrs, c("api00", "enroll", "pw", "fpc"))
keep("clus1", apiclus1, c("cds", "avg.ed"))
keep("nhanes", nhanes, c("SDMVPSU", "SDMVSTRA", "WTMEC2YR", "HI_CHOL", "race", "agecat", "RIAGENDR"))
keep("mu284", mu284, c("id1", "n1", "id2", "n2", "y1"))
keep("fpc", fpc, c("stratid", "psuid", "weight", "Nh", "x"))
keep("scd", scd, c("ESA", "ambulance", "arrests", "alive"))

apistrat$hi <- as.numeric(apistrat$api00 > 650); apiclus1$hi <- as.numeric(apiclus1$api00 > 650)
srs <- svydesign(~1, fpc = ~fpc, data = apisrs)
srsw <- svydesign(~1, weights = ~pw, data = apisrs)
str <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
c1 <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
c1n <- svydesign(~dnum, weights = ~pw, data = apiclus1)
c2 <- svydesign(~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
nh <- svydesign(~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
mu <- svydesign(~id1 + id2, fpc = ~n1 + n2, data = mu284)
jk1 <- as.svrepdesign(c1); jkn <- as.svrepdesign(str)
pairs <- svydesign(~ambulance, strata = ~ESA, nest = TRUE, weights = ~I(1 + 0 * alive), data = scd)
nhb <- as.svrepdesign(pairs, type = "BRR"); nhf <- as.svrepdesign(pairs, type = "Fay", fay.rho = 0.3)
half <- 2 * cbind(c(1, 0, 1, 0, 1, 0), c(1, 0, 0, 1, 0, 1), c(0, 1, 1, 0, 0, 1), c(0, 1, 0, 1, 1, 0))
given <- svrepdesign(data = scd, type = "BRR", repweights = half, weights = ~I(1 + 0 * alive), combined.weights = FALSE)
nested <- transform(fpc, psuid = c(1, 1, 2, 2, 1, 1, 2, 2))
pt <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
ps <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
ctl <- list(epsilon = 1e-14, maxit = 100)
tight <- list(epsilon = 1e-10, maxit = 100)
# svyolr differentiates its Hessian numerically; the default step of 1e-3 costs its standard errors up to 3e-4
olr <- function(p) list(reltol = 1e-16, maxit = 1000, ndeps = rep(1e-6, p))
logistic <- quasibinomial()
lonely <- function(rule) {
  old <- options(survey.lonely.psu = rule); on.exit(options(old))
  svymean(~api00, svydesign(~1, strata = ~dnum, weights = ~pw, data = apiclus1))
}

calls <- alist(
  A01 = svymean(~api00, srs),
  A02 = svytotal(~enroll, srs, na.rm = TRUE),
  A03 = svymean(~api00 + api99, str),
  A04 = svytotal(~enroll, str),
  A05 = svymean(~stype, c1),
  A06 = svymean(~api00, c1),
  A07 = svytotal(~enroll, c1, na.rm = TRUE),
  A08 = svymean(~api00, c2),
  A09 = svytotal(~enroll, c2, na.rm = TRUE),
  A10 = svytotal(~y1, mu),
  A11 = svymean(~api00, c1n),
  A12 = svymean(~api00, srsw),
  A13 = svymean(~HI_CHOL, nh, na.rm = TRUE),
  A14 = svymean(~interaction(stype, comp.imp), c1),
  A15 = svymean(~api00, str, deff = TRUE),
  A16 = svymean(~api00, c1, deff = "replace"),
  B01 = ends(svymean(~api00, c1), degf(c1)),
  B02 = ends(svymean(~api00, str)),
  B03 = list(df = degf(nh)),
  B04 = list(df = degf(subset(nh, agecat == "(59,Inf]"))),
  B05 = list(value = cv(svymean(~api00, c1))),
  C01 = svyratio(~api.stu, ~enroll, str),
  C02 = svyratio(~api.stu, ~enroll, c2, na.rm = TRUE),
  C03 = svyvar(~api00, c1),
  C04 = svyvar(~api00 + api99, str),
  C05 = svycontrast(svymean(~api00 + api99, c1), c(1, -1)),
  C06 = svycontrast(svytotal(~api.stu + enroll, str), quote(api.stu / enroll)),
  D01 = svyby(~api00, ~stype, c1, svymean),
  D02 = svyby(~api00, ~stype, c1, svymean, covmat = TRUE),
  D03 = svycontrast(svyby(~api00, ~comp.imp, c1, svymean, covmat = TRUE), c(1, -1)),
  D04 = svymean(~api00, subset(c1, comp.imp == "Yes")),
  D05 = svyby(~I(ell > 15), ~stype, c1, svyciprop, vartype = "ci", method = "logit"),
  D06 = svytotal(~enroll, subset(str, stype == "E")),
  D07 = svymean(~HI_CHOL, subset(nh, race == 2 & RIAGENDR == 1), na.rm = TRUE),
  E01 = svyciprop(~hi, c1, method = "logit"),
  E02 = svyciprop(~hi, c1, method = "beta"),
  E03 = svyciprop(~hi, c1, method = "likelihood"),
  E04 = svyciprop(~hi, c1, method = "asin"),
  E05 = svyciprop(~hi, c1, method = "mean"),
  E06 = svyciprop(~hi, str, method = "xlogit"),
  E07 = svyciprop(~HI_CHOL, nh, method = "logit", df = degf(nh)),
  F01 = svyquantile(~api00, c1, c(0.25, 0.5, 0.75), ci = TRUE),
  F02 = svyquantile(~api00, str, 0.5, ci = TRUE, interval.type = "mean"),
  F03 = svyquantile(~api00, str, 0.5, ci = TRUE, interval.type = "beta"),
  F04 = svyquantile(~api00, c1, 0.5, ci = TRUE, interval.type = "score"),
  F05 = svyquantile(~api00, c1, c(0.1, 0.9), qrule = "hf7", ci = TRUE),
  F06 = svyquantile(~enroll, jk1, 0.5, ci = TRUE, na.rm = TRUE),
  F07 = svyquantile(~api00, c1, 0.5, qrule = "school", ci = TRUE),
  G01 = svychisq(~comp.imp + sch.wide, c1),
  G02 = svychisq(~comp.imp + sch.wide, c1, statistic = "Chisq"),
  G03 = svychisq(~stype + sch.wide, str, statistic = "adjWald"),
  G04 = svychisq(~comp.imp + stype, c1, statistic = "saddlepoint"),
  G05 = svychisq(~HI_CHOL + race, nh),
  G06 = svytable(~comp.imp + stype, c1),
  G07 = svychisq(~comp.imp + sch.wide, c1, statistic = "Wald"),
  G08 = svygofchisq(~stype, p = c(4421, 755, 1018) / 6194, design = c1),
  H01 = svyttest(api00 ~ comp.imp, c1),
  H02 = svyttest(api00 ~ comp.imp, str),
  H03 = svyttest(enroll ~ 0, c1n),
  H04 = svyranktest(api00 ~ comp.imp, c1),
  H05 = svyranktest(api00 ~ comp.imp, str, test = "median"),
  H06 = svyranktest(api00 ~ stype, c1, test = "vanderWaerden"),
  H07 = svyttest(HI_CHOL ~ RIAGENDR, nh),
  I01 = svyglm(api00 ~ ell + meals + mobility, str),
  I02 = svyglm(api00 ~ ell + meals + mobility, c1),
  I03 = svyglm(hi ~ ell + meals, c1, family = logistic, control = ctl),
  I04 = svyglm(I(sch.wide == "Yes") ~ ell + meals + mobility, str, family = logistic, control = ctl),
  I05 = svyglm(enroll ~ stype + meals, c1, family = quasipoisson(), control = ctl),
  I06 = svyglm(hi ~ comp.imp * stype, str, family = quasibinomial("probit"), control = ctl),
  I07 = regTermTest(svyglm(api00 ~ stype + meals, c1), ~stype),
  I08 = regTermTest(svyglm(hi ~ stype + meals, c1, family = logistic, control = ctl), ~stype, method = "LRT"),
  I09 = ends(svyglm(hi ~ ell + meals, c1, family = logistic, control = ctl)),
  I10 = svyglm(api00 ~ ell, subset(c1, stype == "E")),
  I11 = svyglm(HI_CHOL ~ race + agecat + RIAGENDR, nh, family = logistic, control = ctl),
  I12 = svypredmeans(svyglm(api00 ~ ell, c1), ~stype),
  I13 = list(value = psrsq(svyglm(hi ~ ell, c1, family = logistic, control = ctl))),
  I14 = predict(svyglm(api00 ~ ell, c1), newdata = data.frame(ell = c(0, 10, 50))),
  J01 = svyolr(cut(meals, c(-1, 25, 50, 75, 100)) ~ avg.ed + mobility, c1, control = olr(5)),
  J02 = svyolr(cut(api00, c(0, 500, 600, 700, 1000)) ~ ell + stype, str, control = olr(6)),
  K01 = svymean(~api00, jk1),
  K02 = svymean(~api00, jkn),
  K03 = svytotal(~arrests + alive, nhb),
  K04 = svyratio(~alive, ~arrests, nhf),
  K05 = svyglm(api00 ~ ell + meals, jk1),
  K06 = svyratio(~api.stu, ~enroll, jkn),
  K07 = svyby(~api00, ~stype, jk1, svymean),
  K08 = withReplicates(jk1, function(w, d) sum(w * d$enroll) / sum(w * d$api.stu)),
  K09 = svymean(~I(alive / arrests), given),
  K10 = list(df = degf(jk1)),
  L01 = svytotal(~enroll, postStratify(c1, ~stype, pt)),
  L02 = svymean(~api00, rake(c1, list(~stype, ~sch.wide), list(pt, ps), control = tight)),
  L03 = svymean(~api00, calibrate(c1, ~stype + sch.wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-12)),
  L04 = svytotal(~api.stu, calibrate(c1, ~enroll, c(6194, 3811472))),
  L05 = svymean(~api00, calibrate(c1, ~stype + api99, c(6194, 755, 1018, 3914069))),
  L06 = svymean(~api00, calibrate(c1, ~stype + api99, c(6194, 755, 1018, 3914069), calfun = "logit", bounds = c(0.5, 2),
                                  epsilon = 1e-12)),
  L07 = svymean(~api00, trimWeights(c1, upper = 40)),
  L08 = svytotal(~api.stu, calibrate(str, ~enroll - 1, sum(apipop$enroll, na.rm = TRUE), variance = 1)),
  L09 = svymean(~api00, rake(jk1, list(~stype, ~sch.wide), list(pt, ps), control = tight)),
  L10 = list(value = range(weights(calibrate(c1, ~enroll, c(6194, 3811472), bounds = c(0.6, 1.5))))),
  M01 = lonely("adjust"),
  M02 = lonely("average"),
  M03 = lonely("certainty"),
  M04 = lonely("remove"),
  M05 = refused(lonely("fail"), "only one PSU"),
  M06 = refused(svydesign(~psuid, strata = ~stratid, weights = ~weight, data = nested), "not nested"),
  N01 = svymean(~x, svydesign(~psuid, strata = ~stratid, weights = ~weight, data = fpc, nest = TRUE)),
  N02 = svymean(~x, svydesign(~psuid, strata = ~stratid, fpc = ~Nh, data = fpc, nest = TRUE)),
  N03 = svytotal(~Bush + Kerry + Nader, svydesign(~1, fpc = ~p, data = election_pps, pps = "brewer")),
  N04 = svykappa(~comp.imp + sch.wide, c1),
  N05 = svyvar(~api00 + api99, c1),
  N06 = list(value = svycralpha(~ell + mobility + meals, c1)),
  N07 = svyloglin(~comp.imp + stype, c1)
)

# Numbers of one result, as a list of parts.
ends <- function(object, df = NULL) {
  ci <- if (inherits(object, "svyglm")) confint(object) else confint(object, df = if (is.null(df)) Inf else df)
  list(value = coef(object), low = ci[, 1], high = ci[, 2])
}
refused <- function(expression, message) {
  said <- tryCatch({ expression; "" }, error = conditionMessage)
  list(error = setNames(as.numeric(grepl(message, said)), message))
}
joint <- function(x) if (length(coef(x)) > 1) as.vector(vcov(x)) else NULL
entries <- function(x) {
  m <- as.matrix(x)
  pick <- which(lower.tri(m, diag = TRUE))
  se <- matrix(sqrt(diag(as.matrix(attr(x, "var")))), nrow(m))
  label <- outer(rownames(m), colnames(m), paste, sep = ":")
  list(value = setNames(m[pick], label[pick]), se = se[pick])
}
numbers <- function(x) {
  if (inherits(x, "svyvar")) return(entries(x))
  if (inherits(x, "svyratio")) return(list(value = as.vector(x$ratio), se = as.vector(SE(x))))
  if (inherits(x, "svyciprop")) {
    ci <- attr(x, "ci")
    return(list(value = as.vector(x), se = sqrt(as.vector(attr(x, "var"))), low = ci[1], high = ci[2]))
  }
  if (inherits(x, "newsvyquantile"))
    return(list(value = x[[1]][, 1], low = x[[1]][, 2], high = x[[1]][, 3], se = x[[1]][, 4]))
  if (inherits(x, "svyby") && "ci_l" %in% names(x)) return(list(value = coef(x), low = x$ci_l, high = x$ci_u))
  if (inherits(x, "svyby"))
    return(list(value = coef(x), se = SE(x), covariance = if (!is.null(attr(x, "var"))) as.vector(vcov(x))))
  if (inherits(x, "svyolr"))
    return(list(value = c(x$coefficients, x$zeta), se = sqrt(diag(x$var)), covariance = as.vector(x$var)))
  if (inherits(x, "svyglm"))
    return(list(value = coef(x), se = SE(x), covariance = as.vector(vcov(x)), df = x$df.residual))
  if (inherits(x, "svyloglin")) return(list(value = coef(x), se = sqrt(diag(vcov(x))), covariance = as.vector(vcov(x))))
  if (inherits(x, "regTermTest")) return(list(statistic = x$Ftest, df = x$df, df2 = x$ddf, p = x$p))
  if (inherits(x, "regTermTestLRT"))
    return(list(statistic = x$chisq, df = x$df, df2 = x$ddf, p = x$p, eigenvalue = x$lambda))
  if (inherits(x, "svyttest"))
    return(list(value = x$estimate, statistic = x$statistic, df = x$parameter, p = x$p.value, low = x$conf.int[1],
                high = x$conf.int[2]))
  # survey 4.1.1 names the chi-squared of several groups "parameter" and its degrees of freedom "statistic"
  if (inherits(x, "htest") && !is.null(x$ddf))
    return(list(statistic = x$parameter, df = x$statistic, df2 = x$ddf, p = x$p.value))
  if (inherits(x, "htest") && !is.null(x$lambda))
    return(list(statistic = x$statistic, scale = x$parameter[1], df = x$parameter[2], p = x$p.value,
                eigenvalue = x$lambda))
  if (inherits(x, "htest"))
    return(list(value = x$estimate, statistic = x$statistic, df = x$parameter[1],
                df2 = if (length(x$parameter) > 1) x$parameter[2], p = x$p.value))
  if (inherits(x, "table")) return(list(value = as.vector(x)))
  if (inherits(x, c("svystat", "svrepstat")) && identical(attr(x, "statistic"), "link"))
    return(list(value = as.vector(x), se = sqrt(as.vector(attr(x, "var")))))
  if (inherits(x, c("svystat", "svrepstat"))) {
    deff <- attr(x, "deff")
    return(list(value = coef(x), se = SE(x), covariance = joint(x), deff = if (!is.null(deff)) as.vector(deff)))
  }
  stopifnot(is.list(x))
  x
}
rows <- list()
for (id in names(calls)) {
  parts <- numbers(eval(calls[[id]]))
  for (part in names(parts)) {
    v <- parts[[part]]
    if (is.null(v) || all(is.na(v))) next   # E07: no standard error where answers are missing
    v <- if (is.null(dim(v))) v else setNames(as.vector(v), colnames(v))
    called <- if (is.null(names(v))) rep("", length(v)) else names(v)
    rows[[length(rows) + 1]] <- data.frame(id, part, index = seq_along(v), name = called,
                                           value = sprintf("%.17g", as.numeric(v)))
  }
}
write.csv(do.call(rbind, rows), "named_r.csv", row.names = FALSE, quote = c(1, 2, 4), na = "")
