# The five facets of the simulated study: ladder between the two types, jackknife over compounds, tests that know the
# compounds. In this folder: Rscript invariance_demo.R
# Reads measure_demo.csv (make_measure_demo.py), writes invariance_demo_r.csv and invariance_demo_replicates_r.csv.
# Reciprocity and trust alone ("two"), all five facets ("five").
suppressMessages({library(semTools); library(survey)})
source("factor_rows.R")
residents <- read.csv("measure_demo.csv")
residents <- residents[order(residents$type), ]   # lavaan takes the group it meets first as the first
stopifnot(tapply(residents$type, residents$stratum, function(x) length(unique(x))) == 1)
two <- "rec =~ rb06 + rb07 + rb08
tru =~ rb09 + rb10 + rb11"
five <- paste("net =~ rb01 + rb02 + rb03 + rb04", two, "bel =~ rb13 + rb14 + rb15
coh =~ rb16 + rb17 + rb18", sep = "\n")
of_two <- c("rb06", "rb07", "rb08", "rb09", "rb10", "rb11")
of_five <- c("rb02", "rb03", "rb04", of_two, "rb13", "rb14", "rb15", "rb16", "rb17", "rb18")   # rb01 is a number
steps <- list(configural = "", thresholds = "thresholds", loadings = c("thresholds", "loadings"),
              intercepts = c("thresholds", "loadings", "intercepts"),
              residuals = c("thresholds", "loadings", "intercepts", "residuals"))
given <- list(group = "type", parameterization = "theta", estimator = "WLSMV", sampling.weights = "weight",
              missing = "pairwise")
syntax <- function(equal, model, items) as.character(do.call(measEq.syntax, c(list(model, data = residents,
  ordered = items, ID.cat = "Wu.Estabrook.2016", ID.fac = "std.lv", group.equal = equal), given)))
fitted <- function(made, items, data = residents, ...) do.call(polished, c(list(cfa, made, data = data, ordered = items),
  modifyList(given, list(...))))

ladder <- function(case, model, items, ...) {
  fits <- lapply(steps, function(equal) fitted(syntax(equal, model, items), items, ...))
  stopifnot(as.character(lavInspect(fits[[1]], "group.label")) == c("1", "2"))
  for (s in names(steps)) all_of(paste(case, s), fits[[s]])
  differences(case, fits)
  invisible(fits)
}

# Delete-one-compound jackknife (JKn): the others of the stratum get m / (m - 1) of their weight; everything anew, the
# sample statistics and their spread too. Variance: (m - 1) / m times the sum of squares about the whole sample's estimate
# ("jackknife") or about the mean of the stratum's replicates ("jackknife_centred").
jackknife <- function(case, model, items, full) {
  made <- syntax(steps$intercepts, model, items)
  p <- as.data.frame(parTable(full)); p$what <- kind(p, lavNames(full, "lv")); p <- p[!is.na(p$what) & p$free > 0, ]
  refit <- function(left_out) {
    kept <- residents[residents$compound != left_out, ]
    stratum <- residents$stratum[residents$compound == left_out][1]
    m <- length(unique(residents$compound[residents$stratum == stratum]))
    kept$weight <- kept$weight * ifelse(kept$stratum == stratum, m / (m - 1), 1)
    fit <- fitted(made, items, kept, estimator = "DWLS", se = "none", test = "none")
    stopifnot(as.character(lavInspect(fit, "group.label")) == c("1", "2"))
    est <- as.data.frame(parTable(fit)); est$est[match(p$id, est$id)]
  }
  units <- unique(residents[c("compound", "stratum")])
  units <- units[order(units$compound), ]
  of <- t(sapply(units$compound, refit))
  keep <- p$what %in% c("loading", "factor_mean", "factor_cov")
  for (i in seq_len(nrow(of))) add(paste0(case, " replicate ", units$compound[i]), p$what[keep], of[i, keep], p$lhs[keep],
                                   p$rhs[keep], p$group[keep])
  m <- as.vector(table(units$stratum)[as.character(units$stratum)])
  about <- matrix(p$est, nrow(of), ncol(of), byrow = TRUE)
  means <- apply(of, 2, function(x) ave(x, units$stratum))
  se <- function(centre) sqrt(colSums((m - 1) / m * (of - centre)^2))
  list(case = case, p = p, about = se(about), centred = se(means))
}

tell <- function(j) {
  add(paste(j$case, "jackknife"), j$p$what, j$p$est, j$p$lhs, j$p$rhs, j$p$group, j$about)
  add(paste(j$case, "jackknife_centred"), j$p$what, j$p$est, j$p$lhs, j$p$rhs, j$p$group, j$centred)
}

# What the statistics of one type move when the weights of a whole compound grow by the factor 1 + h, per h.
statistics_of <- function(data, items) lavInspect(cfa(two, data = data, ordered = items, estimator = "DWLS", std.lv = TRUE,
  parameterization = "theta", sampling.weights = "weight", missing = "pairwise", se = "none", test = "none", do.fit = FALSE),
  "wls.obs")
deviations <- function(of, items, h = 0.02) t(sapply(sort(unique(of$compound)), function(unit) {
  moved <- function(by) statistics_of(transform(of, weight = weight * (1 + by * (compound == unit))), items)
  (moved(h) - moved(-h)) / (2 * h)
}))
covariance <- function(of, D) {
  stratum <- of$stratum[match(sort(unique(of$compound)), of$compound)]
  Reduce(`+`, lapply(unique(stratum), function(s) {
    d <- scale(D[stratum == s, , drop = FALSE], scale = FALSE)
    nrow(d) / (nrow(d) - 1) * crossprod(d)
  }))
}

fits_two <- ladder("two", two, of_two)
sample_statistics("two", fits_two$configural)
clustered <- list()
for (g in 1:2) {
  of <- residents[residents$type == g, ]
  D <- deviations(of, of_two)
  V <- covariance(of, D)
  clustered[[g]] <- unname(V * fits_two$configural@SampleStats@nobs[[g]])
  obs <- lavInspect(fits_two$configural, "wls.obs")[[g]]
  stopifnot(max(abs(statistics_of(of, of_two) - obs)) < 1e-7)
  parts <- strsplit(names(obs), "\\||~~")
  add("two compounds", ifelse(grepl("|", names(obs), fixed = TRUE), "sample_threshold", "sample_cov"), obs,
      sapply(parts, `[`, 1), sapply(parts, `[`, 2), g, sqrt(diag(V)))
  V_names <- names(obs)
  at <- which(lower.tri(V), arr.ind = TRUE)
  add("two compounds", "sample_covariance", V[at], V_names[at[, 2]], V_names[at[, 1]], g)
}
W <- lapply(fits_two$configural@SampleStats@WLS.VD, diag)
ladder("two compounds", two, of_two, NACOV = clustered, WLS.V = W)
fits_five <- ladder("five", five, of_five)
sample_statistics("five", fits_five$configural)

# the six answers as numbers: robust maximum likelihood, complete cases, those of a compound together
numbers <- residents[complete.cases(residents[of_two]), ]
equal <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"))
for (weighted in c(TRUE, FALSE)) {
  robust <- lapply(equal, function(e) polished(cfa, two, data = numbers, group = "type", group.equal = e, std.lv = TRUE,
    meanstructure = TRUE, estimator = "MLR", cluster = "compound", sampling.weights = if (weighted) "weight"))
  case <- paste("numbers MLR compounds", if (weighted) "weights" else "unweighted")
  for (s in names(equal)) all_of(paste(case, s), robust[[s]])
  differences(case, robust)
}
# The same with a design-based matrix of fourth moments (see factor_continuous.R) of strata, compounds and weights.
design <- svydesign(~compound, strata = ~stratum, weights = ~weight, data = numbers)
moments <- lapply(1:2, function(g) {
  of <- subset(design, type == g)
  x <- as.matrix(of$variables[of_two]); w <- weights(of); w <- w / sum(w)
  m <- colSums(w * x); d <- sweep(x, 2, m)
  at <- which(lower.tri(diag(6), TRUE), arr.ind = TRUE)
  V <- as.matrix(vcov(svymean(cbind(x, d[, at[, 1]] * d[, at[, 2]]), of)))
  list(mean = m, cov = crossprod(d * sqrt(w)), n = nrow(x), NACOV = unname(nrow(x) * V))
})
robust <- lapply(equal, function(e) polished(cfa, two, sample.cov = lapply(moments, `[[`, "cov"), sample.mean = lapply(moments,
  `[[`, "mean"), sample.nobs = sapply(moments, `[[`, "n"), NACOV = lapply(moments, `[[`, "NACOV"), sample.cov.rescale = FALSE,
  meanstructure = TRUE, std.lv = TRUE, group.equal = e, estimator = "ML", se = "robust.sem", test = "scaled.shifted"))
for (s in names(equal)) all_of(paste("numbers design", s), robust[[s]])
differences("numbers design", robust)
save_rows("invariance_demo_r.csv")
if ("quick" %in% commandArgs(TRUE)) quit()

ladder_rows <- .rows$all; .rows$all <- list()
j_two <- jackknife("two", two, of_two, fits_two$intercepts)
j_five <- jackknife("five", five, of_five, fits_five$intercepts)
save_rows("invariance_demo_replicates_r.csv")
.rows$all <- ladder_rows
tell(j_two); tell(j_five)
save_rows("invariance_demo_r.csv")
