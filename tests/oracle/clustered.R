# Reference values for clustered.csv. Run in this folder: Rscript clustered.R > clustered_r.csv
# Right calls, not the obvious ones: intervals and tests take df from degf() of the design or domain.
suppressMessages(library(survey))
d <- read.csv("clustered.csv")
d$type <- factor(d$type, levels = c("estate", "old"))
d$rating_f <- factor(d$rating, levels = 1:5)
designs <- list(
  simple = svydesign(ids = ~1, data = d, weights = rep(1, nrow(d))),
  weights = svydesign(ids = ~1, data = d, weights = ~w),
  strata = svydesign(ids = ~1, strata = ~stratum, data = d, weights = ~w),
  clusters = svydesign(ids = ~cluster, data = d, weights = ~w),
  full = svydesign(ids = ~cluster, strata = ~stratum, data = d, weights = ~w, nest = TRUE)
)
out <- function(design, statistic, group, value, se, df) {
  cat(sprintf('"%s","%s","%s",%.15g,%.15g,%.15g\n', design, statistic, group, value, se, df))
}
cat('"design","statistic","group","value","se","df"\n')
cat(sprintf('"versions","survey %s","%s",0,0,0\n', packageVersion("survey"), R.version.string), file = stderr())
for (name in names(designs)) {
  des <- designs[[name]]
  sub <- list(all = des, estate = subset(des, type == "estate"), old = subset(des, type == "old"))
  for (g in names(sub)) {
    s <- sub[[g]]
    ys <- subset(s, !is.na(y)); xs <- subset(s, !is.na(y) & !is.na(x)); rs <- subset(s, !is.na(rating))
    m <- svymean(~y, ys); out(name, "mean y", g, coef(m), SE(m), degf(ys))
    t <- svytotal(~y, ys); out(name, "total y", g, coef(t), SE(t), degf(ys))
    r <- svyratio(~y, ~x, xs); out(name, "ratio y/x", g, coef(r), SE(r), degf(xs))
    p <- svymean(~rating_f, rs)
    for (k in 1:5) out(name, paste("share rating", k), g, coef(p)[k], SE(p)[k], degf(rs))
    lo <- confint(svyciprop(~I(rating >= 4), rs, method = "logit", df = degf(rs)))
    out(name, "logit ends rating 4+", g, lo[1], lo[2], degf(rs))
  }
  ys <- subset(des, !is.na(y))
  b <- svyby(~y, ~type, ys, svymean, covmat = TRUE)
  k <- svycontrast(b, c(1, -1))
  out(name, "difference y", "estate-old", coef(k), SE(k), degf(ys))
  q <- svycontrast(b, quote(estate / old))
  out(name, "quotient y", "estate/old", coef(q), SE(q), degf(ys))
  both <- subset(des, !is.na(rating) & !is.na(member))
  both <- update(both, member_f = factor(member), rating_f = factor(rating, levels = 1:5))
  f <- svychisq(~member_f + rating_f, both, statistic = "F")
  out(name, "Rao-Scott F member x rating", "all", f$statistic, f$parameter[1], f$parameter[2])
  out(name, "Rao-Scott p member x rating", "all", f$p.value, 0, 0)
}
# The group as a stratum: the variance behind inference="auto" and "strata".
d$cell <- interaction(d$stratum, d$type, drop = TRUE)
des <- svydesign(ids = ~cluster, strata = ~cell, data = d, weights = ~w, nest = TRUE)
ys <- subset(des, !is.na(y))
k <- svycontrast(svyby(~y, ~type, ys, svymean, covmat = TRUE), c(1, -1))
out("group as stratum", "difference y", "estate-old", coef(k), SE(k), degf(ys))
