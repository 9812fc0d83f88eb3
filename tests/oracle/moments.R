# Sample statistics of items and their covariance if all rows were independent, by lavaan 0.6-14.
# Rscript moments.R, in this folder; reads bfi.csv (psych::bfi), writes moments_values.csv, moments_covariance.csv and
# moments_serial.csv.
suppressMessages(library(lavaan))
bfi <- read.csv("bfi.csv")
bfi$w <- 1 + (seq_len(nrow(bfi)) %% 5) / 2
# lavaan 0.6-14 leaves answers with a likelihood under 1.5e-8 out of the fit of a polyserial correlation (a woman of 86
# here), so that it is not the most likely one; ages are cut at 60 for it, and whole ages are done by hand below.
bfi$age60 <- pmin(bfi$age, 60)
agree <- c("A1", "A2", "A3", "A4", "A5")
# two answers only, and nobody with low A5 and high A1 among the first 60 rows: an empty cell of two by two
few <- bfi[complete.cases(bfi[agree]), ][1:60, ]
few$B1 <- as.integer(few$A1 >= 5)
few$B2 <- as.integer(few$A5 >= 3 | few$A1 >= 5)
few$B3 <- as.integer(few$A3 >= 5)

cases <- list(
  listwise = list(data = bfi, items = agree, group = "gender"),
  weighted = list(data = bfi, items = agree, group = "gender", weights = "w"),
  pairwise = list(data = bfi, items = agree, group = "gender", missing = "pairwise"),
  pairwise_weighted = list(data = bfi, items = c("A1", "N1", "C4", "E2"), missing = "pairwise", weights = "w"),
  mixed = list(data = bfi, items = c("A2", "age60", "A3", "A4"), numbers = "age60", group = "gender"),
  mixed_weighted = list(data = bfi, items = c("A2", "A3", "age60", "E1", "education"), numbers = c("age60", "education"),
                        weights = "w"),
  mixed_pairwise = list(data = bfi, items = c("A2", "age60", "E1", "education"), numbers = c("age60", "education"),
                        missing = "pairwise"),
  empty = list(data = few, items = c("B1", "B2", "B3"))
)

values <- NULL
covariance <- NULL
for (name in names(cases)) {
  case <- cases[[name]]
  items <- case$items
  ordered <- setdiff(items, case$numbers)
  # saturated: only the sample statistics are wanted
  model <- paste(apply(combn(items, 2), 2, paste, collapse = " ~~ "), collapse = "\n")
  fit <- cfa(model, data = case$data, ordered = ordered, group = case$group, estimator = "WLSMV",
             missing = if (is.null(case$missing)) "listwise" else case$missing, sampling.weights = case$weights,
             group.label = if (is.null(case$group)) NULL else c("1", "2"))
  stats <- fit@SampleStats
  for (g in seq_len(stats@ngroups)) {
    level <- stats@WLS.obs[[g]]
    acov <- stats@NACOV[[g]] / stats@nobs[[g]]
    index <- which(lower.tri(acov, diag = TRUE), arr.ind = TRUE)
    # a mean stands in the vector with its sign turned; both are turned back
    mean <- c(fit@SampleStats@th.idx[[g]] == 0, rep(FALSE, length(level) - length(stats@th.idx[[g]])))
    sign <- ifelse(mean, -1, 1)
    acov <- acov * outer(sign, sign)
    values <- rbind(values, data.frame(case = name, group = g, place = seq_along(level) - 1,
                                       value = format(level * sign, digits = 17, trim = TRUE),
                                       spread = format(diag(acov), digits = 17, trim = TRUE),
                                       weight = format(stats@WLS.VD[[g]] * stats@nobs[[g]], digits = 17, trim = TRUE)))
    covariance <- rbind(covariance, data.frame(case = name, group = g, row = index[, 1] - 1, column = index[, 2] - 1,
                                               value = format(acov[index], digits = 12, trim = TRUE)))
  }
}
write.csv(values, "moments_values.csv", row.names = FALSE, quote = FALSE)
write.csv(covariance, "moments_covariance.csv", row.names = FALSE, quote = FALSE)

# The polyserial correlation of an item and age, likelihood written out.
serial <- NULL
for (item in c("A2", "E1", "N4")) for (weights in c("none", "w")) {
  d <- bfi[!is.na(bfi[[item]]) & !is.na(bfi$age), ]
  w <- if (weights == "w") d$w else rep(1, nrow(d))
  x <- d[[item]]
  z <- d$age - sum(w * d$age) / sum(w)
  z <- z / sqrt(sum(w * z^2) / sum(w))
  tau <- c(-Inf, qnorm(cumsum(tapply(w, x, sum)) / sum(w))[1:5], Inf)
  likelihood <- function(rho) {
    r <- sqrt(1 - rho^2)
    sum(w * log(pnorm((tau[x + 1] - rho * z) / r) - pnorm((tau[x] - rho * z) / r)))
  }
  rho <- optimize(likelihood, c(-0.9, 0.9), maximum = TRUE, tol = 1e-9)$maximum
  serial <- rbind(serial, data.frame(item = item, weights = weights, rho = format(rho, digits = 12)))
}
write.csv(serial, "moments_serial.csv", row.names = FALSE, quote = FALSE)
