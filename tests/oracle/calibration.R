# Calibration on the api samples. Run in this folder after api.R: Rscript calibration.R > calibration_r.csv
suppressMessages(library(survey))
clus1 <- read.csv("api_clus1.csv"); strat <- read.csv("api_strat.csv")
c1 <- svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus1)
st <- svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat)
pop_type <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop_wide <- data.frame(sch_wide = c("No", "Yes"), Freq = c(1072, 5122))
pop_cross <- data.frame(expand.grid(stype = c("E", "H", "M"), sch_wide = c("No", "Yes")), Freq = c(400, 300, 372, 4021, 455, 646))
designs <- list(
  poststratify = postStratify(c1, ~stype, pop_type),
  cross = postStratify(st, ~stype + sch_wide, pop_cross),
  rake = calibrate(c1, ~stype + sch_wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-13),
  linear = calibrate(c1, ~stype + api99, c(6194, 755, 1018, 3914069), epsilon = 1e-13),
  bounded = calibrate(c1, ~stype + api99, c(6194, 755, 1018, 3914069), bounds = c(0.6, 1.8), epsilon = 1e-13, maxit = 500),
  rake_strat = calibrate(st, ~stype + sch_wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-13)
)
jk <- as.svrepdesign(svydesign(~dnum, weights = ~pw, data = clus1), type = "JK1", mse = TRUE)
designs$jackknife <- calibrate(jk, ~stype + sch_wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-13)
designs$trimmed <- trimWeights(st, upper = 40, lower = 16)
designs$strict <- trimWeights(st, upper = 36, lower = 16, strict = TRUE)
designs$trimmed_raked <- calibrate(designs$trimmed, ~stype + sch_wide, c(6194, 755, 1018, 5122), calfun = "raking", epsilon = 1e-13)
cat('"design","statistic","group","value","se"\n')
out <- function(...) cat(sprintf('"%s","%s","%s",%.15g,%.15g\n', ...))
for (name in names(designs)) {
  des <- designs[[name]]
  for (g in c("all", "E", "H", "M")) {
    s <- if (g == "all") des else subset(des, stype == g)
    m <- svymean(~api00, s); out(name, "mean api00", g, coef(m), SE(m))
    t <- svytotal(~meals, s); out(name, "total meals", g, coef(t), SE(t))
    r <- svyratio(~ell, ~meals, s); out(name, "ratio ell/meals", g, coef(r), SE(r))
  }
  t <- svytotal(~I(stype == "H"), des); out(name, "count stype H", "all", coef(t)[2], SE(t)[2])
}
