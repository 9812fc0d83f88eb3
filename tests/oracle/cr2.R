# CR2 with Satterthwaite degrees of freedom. Run in this folder: Rscript cr2.R
# Reads clustered.csv, api_clus1.csv; writes cr2_r.csv. Taken from lm() with weights: on svyglm clubSandwich takes the
# weights for something else and gives nonsense.
suppressMessages(library(clubSandwich))
made <- read.csv("clustered.csv")
made$high <- ifelse(is.na(made$rating), NA, as.numeric(made$rating >= 4))
few <- made[made$cluster <= 12, ]
clus1 <- read.csv("api_clus1.csv"); clus1$w <- clus1$pw * (1 + clus1$snum %% 3)
rows <- list()
ask <- function(name, formula, data, cluster) {
  used <- data[complete.cases(data[, c(all.vars(formula), "w", cluster)]), ]
  m <- lm(formula, data = used, weights = w)
  t <- coef_test(m, vcov = "CR2", cluster = used[[cluster]], test = "Satterthwaite")
  rows[[length(rows) + 1]] <<- data.frame(case = name, term = rownames(t), value = t$beta, se = t$SE, df = t$df_Satt, p = t$p_Satt)
}
ask("y by type", y ~ type, made, "cluster")
ask("high by type", high ~ type, made, "cluster")
ask("y by type (few)", y ~ type, few, "cluster")
ask("high by type (few)", high ~ type, few, "cluster")
ask("y with covariates", y ~ type + x + member, made, "cluster")
ask("y with covariates (few)", y ~ type + x, few, "cluster")
ask("api00 with covariates", api00 ~ ell + meals + stype, clus1, "dnum")
write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE), "cr2_r.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, as.character(packageVersion("clubSandwich")), "\n")
