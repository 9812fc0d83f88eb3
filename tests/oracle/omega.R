# Reference values for omega. Run in this folder: Rscript omega.R > omega_r.csv
# Right calls, not the obvious ones: compRelSEM(obs.var = TRUE) takes the polychoric correlations of the sample, not the
# variance of the observed sum; obs.var = FALSE those that the model implies. Weights go in as sampling.weights.
suppressMessages({library(lavaan); library(semTools)})
bfi <- read.csv("bfi.csv")
bfi$w <- 1 + (seq_len(nrow(bfi)) %% 5) / 2
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) bfi[[item]] <- 7 - bfi[[item]]
demo <- read.csv("measure_demo.csv")
demo$w <- demo$weight
facets <- lapply(c(A = "A", C = "C", E = "E", N = "N", O = "O"), function(f) paste0(f, 1:5))
scales <- list(REC = paste0("rb0", 6:8), TRU = c("rb09", "rb10", "rb11"), BEL = c("rb13", "rb14", "rb15"),
               COH = c("rb16", "rb17", "rb18"))
out <- function(...) cat(sprintf('"%s","%s","%s","%s","%s",%.15g\n', ...))
cat('"data","scale","group","weights","statistic","value"\n')
message(sprintf("lavaan %s, semTools %s, %s", packageVersion("lavaan"), packageVersion("semTools"), R.version.string))

one <- function(data, set, name, items, group, weights) {
  d <- data[stats::complete.cases(data[items]), c(items, "w")]
  model <- paste("f =~", paste(items, collapse = " + "))
  arguments <- list(model, data = d, ordered = items, estimator = "WLSMV", std.lv = TRUE,
                    control = list(rel.tol = 1e-12))
  if (weights == "w") arguments$sampling.weights <- "w"
  fit <- suppressWarnings(do.call("cfa", arguments))
  loadings <- lavInspect(fit, "est")$lambda[, 1]
  spread <- 1 / diag(lavInspect(fit, "WLS.V"))
  q <- length(items) * (length(items) - 1) / 2
  for (i in seq_along(items)) out(set, name, group, weights, paste("loading", items[i]), loadings[i])
  for (i in seq_len(q)) out(set, name, group, weights, paste("spread", i), tail(spread, q)[i])
  if (max(abs(loadings)) < 1) {
    out(set, name, group, weights, "omega", suppressMessages(compRelSEM(fit, ord.scale = TRUE))[[1]])
    out(set, name, group, weights, "omega of model", suppressMessages(compRelSEM(fit, obs.var = FALSE))[[1]])
  }
}

# Numbers: one factor by unweighted least squares on correlations (free of scale), reliability of the plain sum.
linear <- function(data, set, name, items, group) {
  d <- data[stats::complete.cases(data[items]), items]
  S <- cov(d)
  fit <- cfa(paste("f =~", paste(items, collapse = " + ")), sample.cov = cov2cor(S), sample.nobs = nrow(d),
             estimator = "ULS", std.lv = TRUE, control = list(rel.tol = 1e-12))
  loadings <- lavInspect(fit, "est")$lambda[, 1] * sqrt(diag(S))
  out(set, name, group, "none", "linear omega", sum(loadings)^2 / sum(S))
}

for (weights in c("none", "w")) {
  for (f in names(facets)) {
    one(bfi, "bfi", f, facets[[f]], "all", weights)
    for (g in 1:2) one(bfi[bfi$gender == g, ], "bfi", f, facets[[f]], paste("gender", g), weights)
  }
}
bfi$two <- as.integer(bfi$A2 > 5); bfi$three <- findInterval(bfi$A3, c(3, 5)); bfi$seven <- bfi$A4 + (bfi$A5 == 6)
one(bfi, "bfi", "mixed categories", c("two", "three", "seven", "A5"), "all", "none")
for (s in names(scales)) {
  for (g in 1:2) one(demo[demo$type == g, ], "demo", s, scales[[s]], paste("type", g), "w")
}
for (f in names(facets)) linear(bfi, "bfi", f, facets[[f]], "all")
