# Reference values on R survey's api data. Run in this folder: Rscript api.R
# Writes api_strat.csv, api_clus1.csv, api_clus2.csv (the columns used) and api_r.csv (the numbers).
suppressMessages(library(survey))
data(api)
keep <- c("cds", "dnum", "snum", "stype", "pw", "fpc", "fpc1", "fpc2", "api00", "api99", "enroll", "api.stu", "ell",
          "meals", "mobility", "comp.imp", "sch.wide")
tidy <- function(d) {
  d <- d[, intersect(keep, names(d))]
  d[] <- lapply(d, function(x) if (is.factor(x)) as.character(x) else as.vector(x))
  names(d) <- gsub(".", "_", names(d), fixed = TRUE)
  d
}
files <- list(strat = apistrat, clus1 = apiclus1, clus2 = apiclus2)
for (f in names(files)) {
  files[[f]] <- tidy(files[[f]])
  write.csv(files[[f]], sprintf("api_%s.csv", f), row.names = FALSE, na = "")
}
strat <- files$strat; clus1 <- files$clus1; clus2 <- files$clus2
clus1$f <- 15 / 757   # the same correction as a fraction
designs <- list(
  strat = svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  strat_wr = svydesign(~1, strata = ~stype, weights = ~pw, data = strat),
  clus1 = svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
  clus1_fraction = svydesign(~dnum, weights = ~pw, fpc = ~f, data = clus1),
  clus1_wr = svydesign(~dnum, weights = ~pw, data = clus1),
  clus2 = svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = clus2),
  clus2_wr = svydesign(~dnum + snum, weights = ~pw, data = clus2),
  clus2_first = svydesign(~dnum, weights = ~pw, fpc = ~fpc1, data = clus2),
  lonely = svydesign(~1, strata = ~dnum, weights = ~pw, data = clus1),
  lonely_fpc = svydesign(~1, strata = ~dnum, weights = ~pw, data = clus1, fpc = rep(900, nrow(clus1)))
)
rows <- list()
out <- function(design, rule, statistic, group, value, se, df = NA) {
  rows[[length(rows) + 1]] <<- data.frame(design, rule, statistic, group, value = as.numeric(value),
                                          se = as.numeric(se), df = as.numeric(df))
}
ask <- function(name, rule, des) {
  m <- svymean(~api00, des); out(name, rule, "mean api00", "all", coef(m), SE(m), degf(des))
  full <- subset(des, !is.na(enroll))
  t <- svytotal(~enroll, full); out(name, rule, "total enroll", "all", coef(t), SE(t), degf(full))
  both <- subset(des, !is.na(enroll) & !is.na(api.stu))
  r <- svyratio(~api.stu, ~enroll, both); out(name, rule, "ratio api_stu/enroll", "all", coef(r), SE(r), degf(both))
  for (k in c("E", "H", "M")) {
    s <- subset(des, stype == k)
    m <- svymean(~api00, s); out(name, rule, "mean api00", k, coef(m), SE(m), degf(s))
    t <- svytotal(~meals, s); out(name, rule, "total meals", k, coef(t), SE(t), degf(s))
  }
  b <- svyby(~api00, ~comp.imp, des, svymean, covmat = TRUE)
  d <- svycontrast(b, c(1, -1)); out(name, rule, "difference api00", "No-Yes", coef(d), SE(d), degf(des))
}
names(strat) <- gsub("_", ".", names(strat)); names(clus1) <- gsub("_", ".", names(clus1)); names(clus2) <- gsub("_", ".", names(clus2))
dots <- function(d) { names(d$variables) <- gsub("_", ".", names(d$variables)); d }
for (name in names(designs)) {
  des <- dots(designs[[name]])
  if (startsWith(name, "lonely")) {
    for (rule in c("certainty", "adjust", "average")) {
      options(survey.lonely.psu = rule)
      ask(name, c(certainty = "certainty", adjust = "center", average = "average")[[rule]], des)
    }
    options(survey.lonely.psu = "fail")
  } else ask(name, "error", des)
}
write.csv(do.call(rbind, lapply(rows, function(r) { r$value <- sprintf("%.15g", r$value); r$se <- sprintf("%.15g", r$se); r })),
          "api_r.csv", row.names = FALSE, na = "", quote = c(1, 2, 3, 4))
