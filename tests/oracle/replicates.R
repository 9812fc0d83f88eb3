# Replicate weights on clustered.csv. Run in this folder: Rscript replicates.R > replicates_r.csv
# The replicate weights themselves go to replicate_weights.csv, so that both sides use the same ones.
suppressMessages(library(survey))
d <- read.csv("clustered.csv")
d$type <- factor(d$type, levels = c("estate", "old"))
full <- svydesign(ids = ~cluster, strata = ~stratum, data = d, weights = ~w, nest = TRUE)
plain <- svydesign(ids = ~cluster, data = d, weights = ~w)
# Two clusters per stratum for half samples.
pairs <- subset(d, cluster %in% c(1, 4, 8, 9, 19, 22, 29, 30))
two <- svydesign(ids = ~cluster, strata = ~stratum, data = pairs, weights = ~w, nest = TRUE)
set.seed(1)
made <- list(
  JK1 = as.svrepdesign(plain, type = "JK1", mse = TRUE),
  JKn = as.svrepdesign(full, type = "JKn", mse = TRUE),
  BRR = as.svrepdesign(two, type = "BRR", mse = TRUE),
  Fay = as.svrepdesign(two, type = "Fay", fay.rho = 0.3, mse = TRUE)
)
boot <- as.svrepdesign(full, type = "subbootstrap", replicates = 40)
W <- weights(boot, "analysis"); colnames(W) <- sprintf("repw%d", seq_len(ncol(W)))
write.csv(round(W, 6), "replicate_weights.csv", row.names = FALSE)
given <- read.csv("replicate_weights.csv")
for (mse in c(FALSE, TRUE))
  made[[paste0("given_", if (mse) "estimate" else "mean")]] <-
    svrepdesign(data = d, weights = ~w, repweights = given, type = "bootstrap", combined.weights = TRUE, mse = mse)
made$given_sdr <- svrepdesign(data = d, weights = ~w, repweights = given, type = "successive-difference",
                              combined.weights = TRUE, mse = TRUE)
cat('"design","statistic","group","value","se"\n')
out <- function(...) cat(sprintf('"%s","%s","%s",%.15g,%.15g\n', ...))
for (name in names(made)) {
  des <- made[[name]]
  for (g in c("all", "estate", "old")) {
    s <- if (g == "all") des else subset(des, type == g)
    m <- svymean(~y, subset(s, !is.na(y))); out(name, "mean y", g, coef(m), SE(m))
    t <- svytotal(~y, subset(s, !is.na(y))); out(name, "total y", g, coef(t), SE(t))
    both <- subset(s, !is.na(y) & !is.na(x))
    r <- svyratio(~y, ~x, both); out(name, "ratio y/x", g, coef(r), SE(r))
  }
  b <- svyby(~y, ~type, subset(des, !is.na(y)), svymean, covmat = TRUE)
  k <- svycontrast(b, c(1, -1)); out(name, "difference y", "estate-old", coef(k), SE(k))
}
v <- svyvar(~y, subset(full, !is.na(y))); out("linearised", "variance y", "all", coef(v), SE(v))
both <- subset(full, !is.na(y) & !is.na(x))
v <- svyvar(~y + x, both); m <- attr(v, "var")
out("linearised", "covariance y,x", "all", as.matrix(v)[1, 2], sqrt(diag(m))[2])
s <- svymean(~x + y + I(x * x) + I(y * y) + I(x * y), both); names(s) <- c("a", "b", "aa", "bb", "ab")
k <- svycontrast(s, quote((ab - a * b) / sqrt((aa - a^2) * (bb - b^2)))); out("linearised", "correlation y,x", "all", coef(k), SE(k))
s <- svymean(~y + I(y * y), subset(full, !is.na(y))); names(s) <- c("b", "bb")
n <- sum(!is.na(d$y))
k <- svycontrast(s, bquote(sqrt((bb - b^2) * .(n / (n - 1))))); out("linearised", "standard deviation y", "all", coef(k), SE(k))
