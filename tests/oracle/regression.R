# Regression under designs. Run in this folder: Rscript regression.R
# Reads api_strat.csv, api_clus1.csv, api_clus2.csv, clustered.csv; writes regression_r.csv.
suppressMessages({library(survey); library(clubSandwich)})
read <- function(f) {
  d <- read.csv(f)
  if ("api00" %in% names(d)) {
    d$hi <- as.numeric(d$api00 > 650)
    d$api4 <- cut(d$api00, c(0, 500, 600, 700, 1000))
    d$many <- d$enroll; d$many[is.na(d$many)] <- 300
  }
  d
}
strat <- read("api_strat.csv"); clus1 <- read("api_clus1.csv"); clus2 <- read("api_clus2.csv")
people <- read("clustered.csv")
people$good <- as.numeric(people$rating >= 4); people$rating <- factor(people$rating)
people$type <- factor(people$type)
ctl <- list(epsilon = 1e-14, maxit = 100)
tight <- list(reltol = 1e-16, maxit = 2000, ndeps = rep(1e-6, 6))  # both ordinal models have 6 parameters
pop <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
c1 <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus1)
st <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
designs <- list(
  strat = st,
  clus1 = c1,
  clus2 = svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = clus2),
  poststratified = postStratify(c1, ~stype, pop),
  jk1 = as.svrepdesign(c1, mse = TRUE),
  jkn = as.svrepdesign(st, mse = TRUE),
  people = svydesign(~cluster, strata = ~stratum, weights = ~w, data = people)
)
schools <- list(
  linear = list(api00 ~ ell + meals + stype, gaussian(), "stype"),
  crossed = list(api00 ~ meals * comp_imp, gaussian(), "meals:comp_imp"),
  powers = list(api00 ~ poly(meals, 2) + log(many) + stype - 1, gaussian(), "poly(meals, 2)"),
  logit = list(hi ~ ell + meals, quasibinomial(), "meals"),
  probit = list(hi ~ ell + meals, quasibinomial("probit"), NA),
  poisson = list(many ~ stype + meals, quasipoisson(), "stype"),
  ordinal = list(api4 ~ ell + stype, NULL, "stype")
)
residents <- list(
  linear = list(y ~ type + x, gaussian(), "type"),
  logit = list(good ~ type + x + member, quasibinomial(), "member"),
  poisson = list(member ~ type * x, quasipoisson(), "type:x"),
  ordinal = list(rating ~ type + x, NULL, "type")
)
rows <- list()
out <- function(design, domain, model, part, value) {
  value <- as.numeric(value)
  rows[[length(rows) + 1]] <<- data.frame(design, domain, model, part, i = seq_along(value), value)
}
ask <- function(name, domain, des, model, spec) {
  if (is.null(spec[[2]])) {
    if (inherits(des, "svyrep.design")) return()
    fit <- svyolr(spec[[1]], des, control = tight)
    out(name, domain, model, "value", c(coef(fit, intercepts = FALSE), fit$zeta))
    V <- vcov(fit)
  } else {
    fit <- eval(bquote(svyglm(.(spec[[1]]), des, family = spec[[2]], control = ctl)))
    # glm's covariance is that of the weights before its last step: begin again where it stopped
    if (!inherits(des, "svyrep.design")) for (k in 1:4) {
      b <- unname(coef(fit))
      fit <- eval(bquote(svyglm(.(spec[[1]]), des, family = spec[[2]], control = ctl, start = .(b))))
    }
    out(name, domain, model, "value", coef(fit)); V <- vcov(fit)
    out(name, domain, model, "deviance", c(fit$deviance, fit$null.deviance))
  }
  if (inherits(fit, "svyolr")) out(name, domain, model, "deviance", fit$deviance)
  out(name, domain, model, "se", sqrt(diag(V)))
  out(name, domain, model, "df", fit$df.residual)
  if (!is.na(spec[[3]])) {
    t <- regTermTest(fit, as.formula(paste("~", spec[[3]])))
    out(name, domain, model, "test", c(t$Ftest, t$p))
  }
}
for (name in names(designs)) for (model in names(if (name == "people") residents else schools)) {
  spec <- (if (name == "people") residents else schools)[[model]]
  des <- designs[[name]]
  ask(name, "all", des, model, spec)
  part <- if (name == "people") subset(des, x > 4) else subset(des, comp_imp == "Yes")
  if (model != "crossed") ask(name, "part", part, model, spec)
}
# Averages of a model, refitted with each unit left out; CR2
left <- as.svrepdesign(c1, mse = TRUE)
average <- function(make) withReplicates(left, make)
refit <- function(w, d, f = hi ~ stype + meals) {
  d$w <- w
  glm(f, data = d, weights = w, family = quasibinomial(), control = ctl)
}
adjusted <- average(function(w, d) {
  fit <- refit(w, d)
  sapply(c("E", "H", "M"), function(k) {
    d$stype <- k
    sum(w * predict(fit, d, type = "response")) / sum(w)
  })
})
out("clus1", "all", "adjusted", "value", coef(adjusted)); out("clus1", "all", "adjusted", "se", SE(adjusted))
slope <- average(function(w, d) {
  fit <- refit(w, d); p <- fitted(fit)
  sum(w * p * (1 - p) * coef(fit)["meals"]) / sum(w)
})
out("clus1", "all", "slope", "value", coef(slope)); out("clus1", "all", "slope", "se", SE(slope))
cr2 <- coef_test(lm(y ~ type + x, people, weights = w), vcov = "CR2", cluster = people$cluster[!is.na(people$y + people$x)])
out("people", "all", "cr2", "value", cr2$beta); out("people", "all", "cr2", "se", cr2$SE); out("people", "all", "cr2", "df", cr2$df_Satt)
made <- do.call(rbind, rows)
made$value <- sprintf("%.17g", made$value)
write.csv(made, "regression_r.csv", row.names = FALSE, quote = 1:4)
