# Invariance of ordinal items between two groups: Wu and Estabrook (2016), theta. In this folder: Rscript invariance.R
# and, for all five factors, Rscript invariance.R five. Reads bfi.csv (as in psych; groups: gender 1, 2), writes
# invariance_r.csv and invariance_five_r.csv.
suppressMessages(library(semTools))
source("factor_rows.R")
people <- read.csv("bfi.csv")
people$weight <- 1 + (seq_len(nrow(people)) %% 5) / 2   # row number in bfi.csv, before anybody is left out
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) people[[item]] <- 7 - people[[item]]
two <- "agree =~ A1 + A2 + A3 + A4 + A5
conscientious =~ C1 + C2 + C3 + C4 + C5"
five <- paste(two, "extravert =~ E1 + E2 + E3 + E4 + E5
neurotic =~ N1 + N2 + N3 + N4 + N5
open =~ O1 + O2 + O3 + O4 + O5", sep = "\n")
of_two <- c(paste0("A", 1:5), paste0("C", 1:5))
of_five <- c(of_two, paste0("E", 1:5), paste0("N", 1:5), paste0("O", 1:5))
steps <- list(configural = "", thresholds = "thresholds", loadings = c("thresholds", "loadings"),
              intercepts = c("thresholds", "loadings", "intercepts"),
              residuals = c("thresholds", "loadings", "intercepts", "residuals"))

step_fit <- function(equal, model, items, data, ...) {
  made <- measEq.syntax(model, data = data, ordered = items, ID.cat = "Wu.Estabrook.2016", ID.fac = "std.lv",
                        parameterization = "theta", group = "gender", group.equal = equal, estimator = "WLSMV", ...)
  polished(cfa, as.character(made), data = data, ordered = items, group = "gender", parameterization = "theta",
           estimator = "WLSMV", ...)
}

# What each single release would gain (univariate score tests on the information of the weights, not robust).
releases <- function(case, fits) {
  p <- parTable(fits$loadings)
  s <- suppressWarnings(lavTestScore(fits$loadings, univariate = TRUE))$uni
  at <- match(s$lhs, p$plabel)
  keep <- p$op[at] == "=~"
  add(paste(case, "loadings"), "score_x2", s$X2[keep], p$lhs[at][keep], p$rhs[at][keep], 2)
  for (step in intersect(c("intercepts", "residuals"), names(fits))) {
    m <- suppressWarnings(modindices(fits[[step]], op = if (step == "residuals") "~~" else "~1"))
    m <- m[m$group == 2 & m$lhs %in% lavNames(fits[[step]], "ov") & (m$op == "~1" | m$lhs == m$rhs), ]
    add(paste(case, step), if (step == "residuals") "score_residual" else "score_intercept", m$mi, m$lhs, m$rhs, 2)
  }
}

ladder <- function(case, model, items, data, over = names(steps), ...) {
  fits <- lapply(steps[over], step_fit, model, items, data, ...)
  stopifnot(as.character(lavInspect(fits[[1]], "group.label")) == c("1", "2"))
  sample_statistics(paste(case, "configural"), fits[[1]])
  for (s in over) all_of(paste(case, s), fits[[s]])
  differences(case, fits)   # satorra.2000, scaled and shifted, A by "delta"
  differences(paste(case, "mean"), fits, method = "satorra.2000", scaled.shifted = FALSE)
  if (all(c("intercepts", "residuals") %in% over))
    differences(paste(case, "exact"), fits[c("intercepts", "residuals")], method = "satorra.2000", A.method = "exact")
  if ("loadings" %in% over) releases(case, fits)
  invisible(fits)
}

if ("five" %in% commandArgs(TRUE)) {
  ladder("five", five, of_five, people)
  save_rows("invariance_five_r.csv")
  quit()
}
ladder("two", two, of_two, people)
ladder("two weights", two, of_two, people, sampling.weights = "weight")
ladder("two pairwise", two, of_two, people, missing = "pairwise")
ladder("two weights pairwise", two, of_two, people, sampling.weights = "weight", missing = "pairwise")
coarse <- people
coarse[of_two] <- lapply(people[of_two], function(x) (x + 1) %/% 2)
ladder("three categories", two, of_two, coarse)
coarse[of_two] <- lapply(people[of_two], function(x) 1 * (x > 3))
ladder("two categories", two, of_two, coarse, c("configural", "intercepts", "residuals"))
mixture <- people
mixture[c("A2", "C2")] <- lapply(people[c("A2", "C2")], function(x) 1 * (x > 4))
mixture[c("A3", "C3")] <- lapply(people[c("A3", "C3")], function(x) (x + 1) %/% 2)
ladder("mixed categories", two, of_two, mixture, c("configural", "thresholds", "loadings"))
save_rows("invariance_r.csv")
