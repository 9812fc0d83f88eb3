# The ladder of five facets in lavaan, without and with one refit of the jackknife; prints seconds. Rscript ladder.R FILE
suppressMessages(library(semTools))
residents <- read.csv(commandArgs(TRUE)[1])
residents <- residents[order(residents$type), ]
model <- "net =~ rb01 + rb02 + rb03 + rb04
rec =~ rb06 + rb07 + rb08
tru =~ rb09 + rb10 + rb11
bel =~ rb13 + rb14 + rb15
coh =~ rb16 + rb17 + rb18"
items <- setdiff(grep("^rb", names(residents), value = TRUE), "rb01")
steps <- list("", "thresholds", c("thresholds", "loadings"), c("thresholds", "loadings", "intercepts"),
              c("thresholds", "loadings", "intercepts", "residuals"))
given <- list(group = "type", parameterization = "theta", estimator = "WLSMV", sampling.weights = "weight",
              missing = "pairwise")
step_fit <- function(equal, data) {
  made <- do.call("measEq.syntax", c(list(model, data = data, ordered = items, ID.cat = "Wu.Estabrook.2016",
                                        ID.fac = "std.lv", group.equal = equal), given))
  do.call("cfa", c(list(as.character(made), data = data, ordered = items), given))
}
ladder <- system.time({
  fits <- lapply(steps, step_fit, residents)
  for (k in 2:5) lavTestLRT(fits[[k - 1]], fits[[k]])
  for (k in 3:4) suppressWarnings(lavTestScore(fits[[k]], univariate = TRUE))
})[["elapsed"]]
one <- system.time(step_fit(steps[[4]], residents[residents$compound != residents$compound[1], ]))[["elapsed"]]
cat(ladder, one, as.character(packageVersion("lavaan")), "\n")
