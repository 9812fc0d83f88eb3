# One-way random effects by lme4. Run in this folder: Rscript icc.R > icc_r.csv
# Also writes icc_schools.csv: schools in districts, from R survey's apipop.
# "pev" is from the mixed-model equations (Henderson 1975) with the variances of lmer: the error of mu + u without what
# estimating the variances adds; "low" and "high" are the ends of tau^2 / sigma^2 where the F of compounds in the model
# whitened for that ratio, from eigenvectors of all rows, meets its quantiles.
suppressMessages({library(lme4); library(survey)})
data(api)
schools <- subset(apipop, cname %in% c("Kern", "Fresno", "Sonoma"), c("dnum", "api00", "meals", "comp.imp"))
schools <- data.frame(compound = as.vector(schools$dnum), api00 = as.vector(schools$api00),
                      meals = as.vector(schools$meals), improved = as.integer(schools$comp.imp == "Yes"))
write.csv(schools, "icc_schools.csv", row.names = FALSE, na = "")
clustered <- read.csv("clustered.csv"); names(clustered)[names(clustered) == "cluster"] <- "compound"
demo <- read.csv("icc_demo.csv")
clus1 <- read.csv("api_clus1.csv"); clus1$compound <- clus1$dnum
cat('"data","outcome","part","quantity","compound","value"\n')
tight <- lmerControl(optimizer = "nloptwrap", check.conv.singular = "ignore", check.conv.grad = "ignore",
                     check.conv.hess = "ignore",
                     optCtrl = list(xtol_abs = 1e-13, xtol_rel = 1e-13, ftol_abs = 1e-15, ftol_rel = 1e-15, maxeval = 1e5))
ends <- function(y, X, Z) {
  k <- qr(cbind(X, Z))$rank - ncol(X); f <- length(y) - qr(cbind(X, Z))$rank
  within <- sum(qr.resid(qr(cbind(X, Z)), y)^2)
  e <- eigen(tcrossprod(Z), symmetric = TRUE); T <- crossprod(e$vectors, cbind(y, X))
  F <- function(r) {
    W <- T / sqrt(1 + r * pmax(e$values, 0))
    (sum(qr.resid(qr(W[, -1, drop = FALSE]), W[, 1])^2) - within) / k / (within / f)
  }
  sapply(c(0.975, 0.025), function(p) {
    q <- qf(p, k, f)
    if (F(0) <= q) 0 else uniroot(function(r) F(r) - q, c(0, 1e3), tol = 1e-12)$root
  })
}
ask <- function(data, outcome, part, d, typed) {
  d <- d[!is.na(d[[outcome]]), ]; d$y <- d[[outcome]]; d$compound <- factor(d$compound)
  m <- if (typed) lmer(y ~ 0 + type + (1 | compound), d, control = tight) else lmer(y ~ 1 + (1 | compound), d, control = tight)
  out <- function(quantity, value, compound = "") {
    cat(sprintf('"%s","%s","%s","%s","%s",%.12g\n', data, outcome, part, quantity, compound, value), sep = "")
  }
  tau2 <- VarCorr(m)$compound[1]; sigma2 <- sigma(m)^2
  out("tau2", tau2); out("sigma2", sigma2)
  out(trimws(sub("type|\\(Intercept\\)", "mu ", names(fixef(m)))), fixef(m))
  X <- as.matrix(getME(m, "X")); Z <- as.matrix(getME(m, "Z"))
  r <- ends(d$y, X, Z); out("low", r[1]); out("high", r[2])
  if (!part %in% c("within", "all")) return(invisible())
  u <- ranef(m)$compound; which <- match(rownames(u), as.character(d$compound))
  out("shrunken", as.vector(X[which, , drop = FALSE] %*% fixef(m)) + u[[1]], rownames(u))
  if (tau2 > 1e-9 * sigma2) {
    C <- solve(rbind(cbind(crossprod(X), crossprod(X, Z)),
                     cbind(crossprod(Z, X), crossprod(Z) + diag(sigma2 / tau2, ncol(Z)))) / sigma2)
    K <- cbind(X[which, , drop = FALSE], diag(ncol(Z)))
    out("pev", rowSums((K %*% C) * K), rownames(u))
  }
}
for (y in c("y", "x", "rating", "member")) {
  ask("clustered", y, "all", clustered, FALSE)
  ask("clustered", y, "within", clustered, TRUE)
  for (g in c("old", "estate")) ask("clustered", y, g, clustered[clustered$type == g, ], FALSE)
}
for (y in c("rb02", "rb10", "rc01", "rd16", "ra06", "rb01", "knows")) {
  both <- demo[demo$type != "other", ]
  ask("demo", y, "everybody", demo, FALSE)
  ask("demo", y, "all", both, FALSE)
  ask("demo", y, "within", both, TRUE)
  for (g in c("old", "estate")) ask("demo", y, g, both[both$type == g, ], FALSE)
}
for (y in c("api00", "meals", "improved")) ask("schools", y, "all", schools, FALSE)
for (y in c("api00", "enroll", "ell")) ask("clus1", y, "all", clus1, FALSE)
cat(sprintf("%s, lme4 %s, survey %s\n", R.version.string, packageVersion("lme4"), packageVersion("survey")), file = stderr())
