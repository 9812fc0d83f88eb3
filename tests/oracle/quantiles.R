# Quantiles and ranks. Run in this folder: Rscript quantiles.R
# Reads api_*.csv and clustered.csv, writes quantiles_r.csv.
suppressMessages(library(survey))
strat <- read.csv("api_strat.csv"); clus1 <- read.csv("api_clus1.csv"); clus2 <- read.csv("api_clus2.csv")
made <- read.csv("clustered.csv")
made <- made[!is.na(made$y), ]
# Rule hf7 weights tied answers in the order of the rows; surveyor takes them by weight, so that no order matters.
strat <- strat[order(strat$api00, strat$pw), ]; made <- made[order(made$y, made$w), ]
designs <- list(
  strat = svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = strat),
  clus1 = svydesign(~dnum, weights = ~pw, fpc = ~fpc, data = clus1),
  clus2 = svydesign(~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = clus2),
  clustered = svydesign(~cluster, strata = ~stratum, weights = ~w, data = made)
)
outcome <- c(strat = "api00", clus1 = "api00", clus2 = "api00", clustered = "y")
domains <- list(strat = quote(stype == "E"), clus1 = quote(comp_imp == "Yes"), clus2 = quote(stype == "E"),
                clustered = quote(type == "old"))
rows <- list()
ask <- function(name, domain, des) {
  f <- as.formula(paste0("~", outcome[[name]]))
  for (rule in c("math", "school", "hf7")) for (type in c("mean", "beta", "xlogit")) {
    q <- svyquantile(f, des, c(.1, .25, .5, .75, .9), ci = TRUE, qrule = rule, interval.type = type, df = degf(des))[[1]]
    rows[[length(rows) + 1]] <<- data.frame(design = name, domain, rule, type, p = c(.1, .25, .5, .75, .9), value = q[, 1],
                                            low = q[, 2], high = q[, 3], se = q[, 4])
  }
}
for (name in names(designs)) {
  des <- designs[[name]]
  ask(name, "all", des)
  keep <- eval(domains[[name]], des$variables)
  ask(name, deparse(domains[[name]]), des[keep, ])
}
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), "quantiles_r.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("survey")), "\n")
