# Factor models for continuous items on Holzinger and Swineford's pupils. In this folder: Rscript factor_continuous.R
# Reads holzinger.csv (as in lavaan), writes factor_continuous_r.csv.
suppressMessages({library(lavaan); library(survey)})
source("factor_rows.R")
pupils <- read.csv("holzinger.csv")
items <- paste0("x", 1:9)
pupils$cluster <- as.integer(factor(paste(pupils$school, (pupils$id - 1) %/% 8)))
pupils$weight <- 1 + (pupils$id %% 4) / 2
three <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
second <- paste(three, "general =~ visual + textual + speed", sep = "\n")
fitted <- function(model = three, ...) polished(cfa, model, data = pupils, meanstructure = TRUE, std.lv = TRUE, ...)

# one group: estimators, kinds of standard errors, clusters, weights
all_of("one ML", fitted(estimator = "ML"))
all_of("one MLM", fitted(estimator = "MLM"), FALSE)
all_of("one MLR", fitted(estimator = "MLR"), FALSE)
all_of("one ML observed", fitted(estimator = "ML", information = "observed"), FALSE)
all_of("one ML observed hessian", fitted(estimator = "ML", information = "observed", observed.information = "hessian"), FALSE)
all_of("one MLR expected", fitted(estimator = "ML", se = "robust.huber.white", test = "yuan.bentler", information = "expected"), FALSE)
all_of("one MLMV", fitted(estimator = "ML", se = "robust.sem", test = "scaled.shifted"), FALSE)
all_of("one MLR clusters", fitted(estimator = "MLR", cluster = "cluster"), FALSE)
all_of("one MLR weights", fitted(estimator = "MLR", sampling.weights = "weight"))
all_of("one MLR clusters weights", fitted(estimator = "MLR", cluster = "cluster", sampling.weights = "weight"), FALSE)
all_of("second ML", fitted(second, estimator = "ML"))
all_of("second MLR", fitted(second, estimator = "MLR"))

# two groups: loadings, then intercepts, then residuals equal; differences of neighbours
steps <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"))
ladder <- function(name, ...) {
  fits <- lapply(steps, function(equal) fitted(group = "school", group.equal = equal, ...))
  for (s in names(steps)) all_of(paste(name, s), fits[[s]], name %in% c("two ML", "two MLR weights"))
  fits
}
ml <- ladder("two ML", estimator = "ML")
mlm <- ladder("two MLM", estimator = "MLM")
mlr <- ladder("two MLR", estimator = "MLR")
mlrc <- ladder("two MLR clusters", estimator = "MLR", cluster = "cluster")
mlrw <- ladder("two MLR weights", estimator = "MLR", sampling.weights = "weight")
mlrcw <- ladder("two MLR clusters weights", estimator = "MLR", cluster = "cluster", sampling.weights = "weight")
differences("two ML", ml)
for (n in c("mlm", "mlr", "mlrc", "mlrw", "mlrcw")) {
  name <- c(mlm = "two MLM", mlr = "two MLR", mlrc = "two MLR clusters", mlrw = "two MLR weights",
            mlrcw = "two MLR clusters weights")[[n]]
  differences(name, get(n))   # Satorra and Bentler 2001
  differences(paste(name, "2010"), get(n), method = "satorra.bentler.2010")
  if (n %in% c("mlrw", "mlrcw")) next   # lavaan's matrix of fourth moments leaves the weights out
  differences(paste(name, "2000"), get(n), method = "satorra.2000")   # scaled and shifted
  differences(paste(name, "2000 mean"), get(n), method = "satorra.2000", scaled.shifted = FALSE)
  # "exact" needs a restricted model that only adds constraints; the earlier steps also free factor variances or means.
  differences(paste(name, "2000 exact"), get(n)[3:4], method = "satorra.2000", A.method = "exact")
}
for (n in c("metric", "scalar")) for (e in c("ml", "mlm")) {
  s <- lavTestScore(get(e)[[n]], univariate = TRUE)$uni
  p <- parTable(get(e)[[n]])
  label <- function(x) { q <- match(x, p$plabel); paste0(p$lhs[q], p$op[q], p$rhs[q]) }
  add(paste("two", toupper(e), n), "score_x2", s$X2, label(s$lhs), label(s$rhs))
}

# A covariance matrix of means and covariances under the design (survey: vcov of svymean of the items and of the products
# of their deviations from the weighted mean; the mean's own error does not enter the covariances to first order), times
# the number of rows of the group: lavaan's NACOV, with which its Satorra-Bentler machinery becomes design-based (as
# Oberski 2014, who left out what means and covariances have in common).
moments <- function(design) {
  x <- as.matrix(design$variables[, items])
  w <- weights(design); w <- w / sum(w)
  m <- colSums(w * x)
  d <- sweep(x, 2, m)
  at <- which(lower.tri(diag(9), TRUE), arr.ind = TRUE)
  both <- cbind(x, d[, at[, 1]] * d[, at[, 2]])
  s <- crossprod(d * sqrt(w))
  V <- as.matrix(vcov(svymean(both, design)))
  list(mean = m, cov = s, n = nrow(x), NACOV = unname(nrow(x) * V))
}
designs <- list(
  clusters = svydesign(~cluster, weights = ~1, data = pupils),
  weights = svydesign(~1, weights = ~weight, data = pupils),
  "clusters weights" = svydesign(~cluster, weights = ~weight, data = pupils),
  "clusters strata weights" = svydesign(~cluster, strata = ~school, weights = ~weight, data = pupils))
designed <- function(statistics, equal = "", model = three, ...) {
  single <- length(statistics) == 1
  part <- function(name) if (single) statistics[[1]][[name]] else lapply(statistics, `[[`, name)
  args <- list(model, sample.cov = part("cov"), sample.mean = part("mean"), sample.nobs = if (single) part("n") else unlist(part("n")),
               NACOV = part("NACOV"), sample.cov.rescale = FALSE, meanstructure = TRUE, std.lv = TRUE,
               ...)
  if (!single) args$group.equal <- equal
  do.call(polished, c(list(cfa), args))
}
for (n in names(designs)) {
  of <- moments(designs[[n]])
  all_of(paste("design one", n), designed(list(of), estimator = "MLM"), FALSE)
  all_of(paste("design one shifted", n), designed(list(of), estimator = "ML", se = "robust.sem", test = "scaled.shifted"), FALSE)
}
for (n in c("clusters", "clusters weights")) {
  of <- lapply(c("Pasteur", "Grant-White"), function(s) moments(subset(designs[[n]], pupils$school == s)))
  for (g in 1:2) {
    add(paste("design two", n), "moment_mean", of[[g]]$mean, items, "", g, sqrt(diag(of[[g]]$NACOV)[1:9] / of[[g]]$n))
    at <- which(lower.tri(diag(9), TRUE), arr.ind = TRUE)
    add(paste("design two", n), "moment_cov", of[[g]]$cov[at], items[at[, 2]], items[at[, 1]], g,
        sqrt(diag(of[[g]]$NACOV)[-(1:9)] / of[[g]]$n))
  }
  for (kind_of in c("MLM", "shifted")) {
    fits <- lapply(steps, function(equal) if (kind_of == "MLM") designed(of, equal, estimator = "MLM") else
      designed(of, equal, estimator = "ML", se = "robust.sem", test = "scaled.shifted"))
    name <- paste("design two", if (kind_of == "MLM") n else paste("shifted", n))
    for (s in names(steps)) all_of(paste(name, s), fits[[s]], FALSE)
    differences(paste(name, "2000"), fits, method = "satorra.2000")
    differences(paste(name, "2000 exact"), fits[3:4], method = "satorra.2000", A.method = "exact")
    if (kind_of == "MLM") differences(paste(name, "2000 mean"), fits, method = "satorra.2000", scaled.shifted = FALSE)
  }
}
save_rows("factor_continuous_r.csv")
