# Reference values of alpha and its company. Run in this folder, where bfi.csv, api_clus1.csv and api_strat.csv are:
# Rscript alpha.R
# Writes alpha_r.csv: raw alpha, item-rest and mean inter-item correlations of complete cases (psych), alpha under
# weights (survey), and its variances under replicate weights (survey), where alpha is written out by hand.
suppressMessages({library(psych); library(survey)})
rows <- list()
out <- function(case, statistic, variable, value, se = NA) {
  rows[[length(rows) + 1]] <<- data.frame(case, statistic, variable, value = as.numeric(value), se = as.numeric(se))
}

# psych 2.2.9: scales of the International Personality Item Pool with their reversed items
bfi <- read.csv("bfi.csv")
keyed <- list(
  agree = list(items = c("A1", "A2", "A3", "A4", "A5"), signs = c(-1, 1, 1, 1, 1)),
  conscientious = list(items = c("C1", "C2", "C3", "C4", "C5"), signs = c(1, 1, 1, -1, -1)),
  open = list(items = c("O1", "O2", "O3", "O4", "O5"), signs = c(1, -1, 1, 1, -1)),
  two = list(items = c("N1", "N2"), signs = c(1, 1)),
  unturned = list(items = c("A1", "A2", "A3", "A4", "A5"), signs = c(1, 1, 1, 1, 1))
)
for (name in names(keyed)) {
  scale <- keyed[[name]]
  d <- bfi[, scale$items]
  d <- d[complete.cases(d), ]
  for (i in seq_along(scale$items)) if (scale$signs[i] < 0) d[[i]] <- 7 - d[[i]]
  a <- suppressWarnings(psych::alpha(d, check.keys = FALSE, warnings = FALSE))
  out(name, "alpha", paste(scale$items, collapse = ", "), a$total$raw_alpha)
  out(name, "mean inter-item correlation", paste(scale$items, collapse = ", "), a$total$average_r)
  for (item in scale$items) out(name, "item-rest correlation", item, a$item.stats[item, "r.drop"])
}

# survey 4.1.1: alpha under weights and clusters
clus1 <- read.csv("api_clus1.csv")
items <- c("ell", "mobility", "meals")
c1 <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus1)
m <- svymean(~ell + mobility + meals + I(ell^2) + I(mobility^2) + I(meals^2) + I((ell + mobility + meals)^2), c1)
names(m) <- c("x1", "x2", "x3", "y1", "y2", "y3", "ss")
k <- svycontrast(m, quote(1.5 * (1 - (y1 - x1^2 + y2 - x2^2 + y3 - x3^2) / (ss - (x1 + x2 + x3)^2))))
stopifnot(abs(coef(k) - svycralpha(~ell + mobility + meals, c1)) < 1e-12)
out("clus1", "alpha", paste(items, collapse = ", "), svycralpha(~ell + mobility + meals, c1), SE(k))

# Replicates: the three statistics from a weighted covariance matrix, jackknife of clusters
three <- function(w, data) {
  S <- cov.wt(as.matrix(data[, items]), wt = w / sum(w), method = "ML")$cov
  k <- length(items)
  own <- diag(S); total <- rowSums(S); rest <- sum(S) - 2 * total + own
  R <- cov2cor(S)
  c(k / (k - 1) * (1 - sum(own) / sum(S)), mean(R[lower.tri(R)]), (total - own) / sqrt(own * rest))
}
what <- c("alpha", "mean inter-item correlation", rep("item-rest correlation", 3))
who <- c(rep(paste(items, collapse = ", "), 2), items)
wr <- svydesign(~dnum, weights = ~pw, data = clus1)
strat <- read.csv("api_strat.csv")
designs <- list(clus1_jk1 = as.svrepdesign(wr, type = "JK1", mse = TRUE),
                strat_jkn = as.svrepdesign(svydesign(~1, strata = ~stype, weights = ~pw, data = strat),
                                           type = "JKn", mse = FALSE))
for (name in names(designs)) {
  v <- withReplicates(designs[[name]], three)
  for (i in seq_along(what)) out(name, what[i], who[i], coef(v)[i], SE(v)[i])
}
all <- do.call(rbind, rows)
digits <- function(x) ifelse(is.na(x), "", format(x, digits = 17, trim = TRUE))
all$value <- digits(all$value); all$se <- digits(all$se)
write.csv(all, "alpha_r.csv", row.names = FALSE, quote = c(1, 2, 3))
