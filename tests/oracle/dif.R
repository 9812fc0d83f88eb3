# Writes dif_r.csv: items of two scales of measure_demo.csv on the score of their other items and the type, by
# proportional odds (MASS::polr), with errors of the delete-one-compound jackknife in strata by type that makes means,
# alphas, scores and models anew each time, and for the observed score those of survey::svyolr.
# Rscript dif.R, in this folder; R 4.2.2, survey 4.1.1, MASS 7.3-58.
suppressMessages({library(survey); library(MASS)})
demo <- read.csv("measure_demo.csv")
wmean <- function(x, w) sum(w * x) / sum(w)
wcov <- function(X, w) cov.wt(X, wt = w / sum(w), method = "ML")$cov
alpha <- function(X, w) { V <- wcov(X, w); k <- ncol(X); k / (k - 1) * (1 - sum(diag(V)) / sum(V)) }
rows <- list()
for (items in list(c("rb09", "rb10", "rb11"), c("rb16", "rb17", "rb18"))) {
  for (item in items) {
    d <- demo
    others <- d[, setdiff(items, item)]
    d$rest <- rowMeans(others)
    d$y <- ordered(d[[item]])
    d$kind <- factor(d$type)
    for (matching in c("observed", "corrected")) {
      found <- function(w, data, sd = NULL) {
        score <- data$rest
        if (matching == "corrected") for (g in 1:2) {
          at <- data$type == g & !is.na(data$rest) & w > 0
          m <- wmean(data$rest[at], w[at])
          score[at] <- m + alpha(others[at, ], w[at]) * (data$rest[at] - m)
        }
        data$score <- score
        full <- !is.na(data$score) & !is.na(data$y) & w > 0
        data <- data[full, ]
        data$v <- w[full] / mean(w[full])
        fit <- function(f) polr(f, data = data, weights = v, control = list(reltol = 1e-15, maxit = 2000))
        one <- suppressWarnings(fit(y ~ score + kind)); two <- suppressWarnings(fit(y ~ score * kind))
        if (is.null(sd)) sd <- sqrt(wcov(matrix(data$score), data$v)[1, 1])
        codes <- as.numeric(levels(data$y))
        at <- function(k) { data$kind[] <- k; wmean(as.vector(predict(one, data, type = "probs") %*% codes), data$v) }
        c(log_odds = -coef(one)[["kind2"]], points = at("1") - at("2"), change = -coef(two)[["score:kind2"]] * sd, sd = sd)
      }
      whole <- found(d$weight, d)
      design <- svydesign(ids = ~compound, strata = ~interaction(stratum, type), weights = ~weight, data = d, nest = TRUE)
      jack <- as.svrepdesign(design, type = "JKn", mse = TRUE)
      again <- withReplicates(jack, function(w, data) found(w, data, whole[["sd"]])[1:3])
      se <- sqrt(diag(as.matrix(attr(again, "var"))))
      linear <- if (matching == "observed") SE(svyolr(y ~ rest + kind, design))[["kind2"]] else NA
      rows[[length(rows) + 1]] <- data.frame(item, matching, what = names(whole)[1:3], value = whole[1:3],
                                             jackknife = se, linearised = c(linear, NA, NA))
    }
  }
}
write.csv(format(do.call(rbind, rows), digits = 12, trim = TRUE), "dif_r.csv", row.names = FALSE, quote = FALSE)
