# Design effects and intervals of shares on clustered.csv. Run in this folder: Rscript intervals.R > intervals_r.csv
suppressMessages(library(survey))
d <- read.csv("clustered.csv")
full <- svydesign(ids = ~cluster, strata = ~stratum, data = d, weights = ~w, nest = TRUE)
cat('"what","group","value","low","high"\n')
out <- function(...) cat(sprintf('"%s","%s",%.15g,%.15g,%.15g\n', ...))
for (g in c("all", "estate", "old")) {
  s <- if (g == "all") full else subset(full, type == g)
  ys <- subset(s, !is.na(y)); ms <- subset(s, !is.na(member))
  for (k in c("wr", "wor")) {
    e <- if (k == "wr") "replace" else TRUE
    m <- svymean(~y, ys, deff = e); out(paste("deff mean", k), g, deff(m), NA, NA)
    t <- svytotal(~y, ys, deff = e); out(paste("deff total", k), g, deff(t), NA, NA)
  }
  for (method in c("beta", "logit", "mean")) {
    p <- svyciprop(~member, ms, method = method, df = degf(ms))
    out(paste("share", method), g, coef(p), confint(p)[1], confint(p)[2])
  }
  m <- confint(svymean(~y, ys)); out("mean normal", g, coef(svymean(~y, ys)), m[1], m[2])
}
