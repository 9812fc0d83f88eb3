# The reference rows of residents_r.csv for the two real studies. Run: Rscript residents.R COUNTS.csv BLOOMINGTON.csv > residents_r.csv
# COUNTS.csv is data/copenhagen/counts.csv; the Bloomington answers may not be in the repository.
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
line <- function(...) cat(sprintf('"%s","%s","%s","%s",%.12g,%s,%d,"%s"\n', ...))
cat('"dataset","design","statistic","group","estimate","se","n_unweighted","note"\n')

b <- read.csv(args[2])
shares <- list(
  q1b = "place: neighbourhood good or excellent", q1d = "place to work good or excellent",
  q1g = "quality of life good or excellent", q2h = "sense of community good or excellent",
  q6r = "neighbourliness good or excellent", q12a = "City services overall good or excellent",
  q13d = "confidence in City government good or excellent", q13h = "listening to public good or excellent",
  q18a = "police services good or excellent", q18q = "garbage collection good or excellent",
  q18m = "neighbourhood parking good or excellent"
)
top <- setNames(rep(list(1:2), length(shares)), names(shares))
shares$q11g <- "talk with neighbours at least 2-4 times a month"; top$q11g <- 1:2
shares$q11h <- "favour for neighbour at least 2-4 times a month"; top$q11h <- 1:2
shares$q11f <- "volunteered at least once a month or less"; top$q11f <- 1:3
shares$q10a <- "attended a public meeting at all"; top$q10a <- 1:3
design <- "weights only (wt), no strata or PSU"
for (item in names(shares)) {
  answer <- b[[item]]
  if (!item %in% c("q11f", "q11g", "q11h", "q10a")) answer[answer == 5] <- NA
  b$hit <- ifelse(is.na(answer), NA, as.numeric(answer %in% top[[item]]))
  des <- subset(svydesign(~1, weights = ~wt, data = b), !is.na(hit))
  what <- sprintf("share: %s [%s]", shares[[item]], item)
  m <- svymean(~hit, des)
  line("bloomington_2017", design, what, "all", coef(m), format(SE(m)[1], digits = 12), nrow(des), "")
  known <- subset(des, !is.na(d7))
  for (k in 1:2) {
    s <- subset(known, d7 == k); m <- svymean(~hit, s)
    group <- c("renter (d7=1)", "owner (d7=2)")[k]
    line("bloomington_2017", design, what, group, coef(m), format(SE(m)[1], digits = 12), nrow(s), "")
  }
  by <- svyby(~hit, ~d7, known, svymean, covmat = TRUE); d <- svycontrast(by, c(-1, 1))
  line("bloomington_2017", design, sprintf("difference owner minus renter [%s]", item), "owner-renter",
       coef(d), format(SE(d)[1], digits = 12), nrow(known), sprintf("t=%.5f", coef(d) / SE(d)))
}
for (item in c("q15", "q16")) {
  answer <- b[[item]]; answer[answer == 5] <- NA
  code <- c(q15 = 4, q16 = 1)[[item]]
  b$hit <- as.numeric(answer == code)
  des <- subset(svydesign(~1, weights = ~wt, data = b), !is.na(hit)); m <- svymean(~hit, des)
  what <- c(q15 = "homelessness a major challenge [q15=4]", q16 = "strongly support supportive housing [q16=1]")[[item]]
  line("bloomington_2017", design, paste("share:", what), "all", coef(m), format(SE(m)[1], digits = 12), nrow(des),
       c(q15 = "press reported 61 percent", q16 = "press reported 7 in 10")[[item]])
}
h <- read.csv(args[1]); h <- h[rep(seq_len(nrow(h)), h$Freq), ]
for (pair in list(c("Cont", "Sat"), c("Type", "Sat"))) {
  x <- chisq.test(table(h[[pair[1]]], h[[pair[2]]]), correct = FALSE)
  line("housing_copenhagen", "none", paste("chi-square", pair[1], "x", pair[2]), "all", x$statistic, "",
       nrow(h), sprintf("df=%d p=%.6g", as.integer(x$parameter), x$p.value))
}
