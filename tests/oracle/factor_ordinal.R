# Factor models for ordinal items on the answers to 25 items of personality. In this folder: Rscript factor_ordinal.R
# Reads bfi.csv (as in psych), writes factor_ordinal_r.csv: single models; the ladder is in invariance.R.
source("factor_rows.R")
people <- read.csv("bfi.csv")
people$weight <- 1 + (seq_len(nrow(people)) %% 5) / 2   # row number in bfi.csv, before anybody is left out
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) people[[item]] <- 7 - people[[item]]
two <- "agree =~ A1 + A2 + A3 + A4 + A5
conscientious =~ C1 + C2 + C3 + C4 + C5"
five <- paste(two, "extravert =~ E1 + E2 + E3 + E4 + E5
neurotic =~ N1 + N2 + N3 + N4 + N5
open =~ O1 + O2 + O3 + O4 + O5", sep = "\n")
of_two <- c(paste0("A", 1:5), paste0("C", 1:5))
of_five <- c(of_two, paste0("E", 1:5), paste0("N", 1:5), paste0("O", 1:5))
fitted <- function(model, items, data = people, estimator = "WLSMV", missing = "listwise", ...)
  polished(cfa, model, data = data, ordered = items, estimator = estimator, parameterization = "theta", std.lv = TRUE,
           missing = missing, ...)

all_of("two", sample_statistics("two", fitted(two, of_two)))
all_of("two WLSM", fitted(two, of_two, estimator = "DWLS", se = "robust.sem", test = "satorra.bentler"), FALSE)
all_of("two ULSMV", fitted(two, of_two, estimator = "ULSMV"), FALSE)
all_of("two DWLS", fitted(two, of_two, estimator = "DWLS"), FALSE)
all_of("two pairwise", sample_statistics("two pairwise", fitted(two, of_two, missing = "pairwise")))
all_of("two weights", sample_statistics("two weights", fitted(two, of_two, sampling.weights = "weight")))
all_of("two weights pairwise", sample_statistics("two weights pairwise",
       fitted(two, of_two, sampling.weights = "weight", missing = "pairwise")))
coarse <- people
coarse[of_two] <- lapply(people[of_two], function(x) (x + 1) %/% 2)
all_of("two three categories", sample_statistics("two three categories", fitted(two, of_two, coarse)))
coarse[of_two] <- lapply(people[of_two], function(x) 1 * (x > 3))
all_of("two two categories", sample_statistics("two two categories", fitted(two, of_two, coarse)))
all_of("five", sample_statistics("five", fitted(five, of_five)))
all_of("five second order", fitted(paste(five, "general =~ agree + conscientious + extravert + neurotic + open", sep = "\n"), of_five))
all_of("one factor", fitted(paste("agree =~", paste(of_two[1:5], collapse = " + ")), of_two[1:5]))
# age as a measured indicator beside ordinal ones, in units near those of the others
people$years <- people$age / 10
mixed <- "agree =~ A1 + A2 + A3 + A4 + A5 + years
conscientious =~ C1 + C2 + C3 + C4 + C5"
all_of("mixed", sample_statistics("mixed", fitted(mixed, of_two)))
all_of("mixed pairwise", sample_statistics("mixed pairwise", fitted(mixed, of_two, missing = "pairwise")))
all_of("mixed weights", sample_statistics("mixed weights", fitted(mixed, of_two, sampling.weights = "weight")))
save_rows("factor_ordinal_r.csv")
