# Writes parallel_r.csv: eigenvalues of psych's bfi by psych::fa.parallel and lavaan::lavCor.
# Rscript parallel.R, in this folder; R 4.2.2, psych 2.2.9, lavaan 0.6-14. bfi.csv is write.csv(psych::bfi).
suppressMessages({library(psych); library(lavaan)})
items <- read.csv("bfi.csv")[, 1:25]
complete <- na.omit(items)
rows <- list()
keep <- function(data, correlation, kind, values) {
  rows[[length(rows) + 1]] <<- data.frame(data, correlation, kind, number = seq_along(values), value = values)
}
quiet <- function(...) {
  pdf(NULL)
  capture.output(made <- suppressWarnings(suppressMessages(fa.parallel(..., plot = FALSE))))
  made
}
set.seed(1)
pearson <- quiet(complete, fm = "minres", fa = "both", n.iter = 500, cor = "cor", SMC = TRUE, sim = TRUE)
keep("complete", "pearson", "components", pearson$pc.values)
keep("complete", "pearson", "factors", pearson$fa.values)
keep("complete", "pearson", "random components", pearson$pc.sim)
smc_of <- function(R) { diag(R) <- smc(R); eigen(R)$values }
poly <- polychoric(items, correct = 0)$rho
keep("all", "polychoric by psych", "components", eigen(poly)$values)
for (data in c("complete", "all")) {
  given <- as.data.frame(lapply(if (data == "all") items else complete, ordered))
  R <- unclass(lavCor(given, ordered = names(given), missing = if (data == "all") "pairwise" else "listwise"))
  keep(data, "polychoric", "components", eigen(R)$values)
  keep(data, "polychoric", "reduced", smc_of(R))
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), "parallel_r.csv", row.names = FALSE, quote = FALSE)
