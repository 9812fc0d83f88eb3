# The same tasks in R survey: Rscript r_tasks.R FOLDER FOLDER_OF_1E5_ROWS REPEATS
# One line of JSON per task. Tasks of a minute run once without a warm-up.
suppressPackageStartupMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
repeats <- as.integer(args[3])
outcomes <- paste0("y", 1:20)
covariates <- paste0("x", 1:7)

# A .npy file of one column: a header of text that ends in a newline, then the bare numbers.
column <- function(folder, name) {
  path <- file.path(folder, paste0(name, ".npy"))
  file <- file(path, "rb")
  on.exit(close(file))
  start <- readBin(file, "raw", 10)
  header <- readChar(file, as.integer(start[9]) + 256L * as.integer(start[10]), useBytes = TRUE)
  n <- as.integer(sub(".*'shape': \\(([0-9]+),.*", "\\1", header))
  if (grepl("<f8", header)) readBin(file, "double", n) else readBin(file, "integer", n, size = 8)
}

read <- function(folder, names) {
  frame <- as.data.frame(sapply(names, function(name) column(folder, name), simplify = FALSE))
  frame$g <- factor(frame$g)
  if ("item" %in% names) frame$item <- factor(frame$item)
  frame
}

say <- function(task, fields) cat(sprintf('{"task": "%s", %s}\n', task, fields))
json <- function(x) paste0("[", paste(ifelse(is.finite(x), sprintf("%.17g", x), "NaN"), collapse = ", "), "]")

clock <- function(key, task, repeats, warm = TRUE) {
  done <- tryCatch({
    if (warm) task()
    seconds <- numeric(0)
    for (i in seq_len(repeats)) {
      gc()
      seconds <- c(seconds, system.time(found <- task())[["elapsed"]])
    }
    sprintf('"seconds": %s, "numbers": %s', json(seconds), json(as.numeric(found)))
  }, error = function(e) sprintf('"skipped": "%s"', gsub("[\"\\\\\n]", " ", conditionMessage(e))))
  say(key, done)
}

people <- read(args[1], c("w", "h", "psu", "g", "item", "hit", outcomes, covariates))
few <- read(args[2], c("w", "h", "psu", "g", "y1"))
plan <- function(frame) svydesign(ids = ~psu, strata = ~h, weights = ~w, data = frame)
design <- plan(people)
values <- function(found) c(coef(found), SE(found))

clock("design", function() nrow(plan(people)), repeats)
clock("means", function() {
  found <- svyby(reformulate(outcomes), ~g, design, svymean)
  c(t(as.matrix(as.data.frame(found)[, outcomes])[1:2, ])[rep(1:20, each = 2) + c(0, 20)],
    t(as.matrix(SE(found)))[rep(1:20, each = 2) + c(0, 20)])
}, repeats)
clock("difference", function() {
  values(svycontrast(svyby(~y1, ~g, design, svymean, covmat = TRUE), c(1, -1)))
}, repeats)
clock("shares", function() {
  found <- svyby(~item, ~g, design, svymean)
  c(t(as.matrix(as.data.frame(found)[, paste0("item", 1:5)])), t(as.matrix(SE(found))))
}, repeats)
clock("logistic", function() {
  values(svyglm(reformulate(covariates, "hit"), design, family = quasibinomial()))
}, repeats)
clock("crosstab", function() {
  found <- svychisq(~ g + item, design)
  c(found$statistic, found$parameter[1])
}, repeats)
clock("quartiles", function() svyquantile(~y1, design, c(0.25, 0.5, 0.75))$y1[, 1:3], repeats)
clock("bootstrap", function() {
  set.seed(1)
  made <- as.svrepdesign(plan(few), type = "subbootstrap", replicates = 500)
  svyby(~y1, ~g, made, svymean)
  numeric(0)  # other rows, other numbers
}, 1, warm = FALSE)
clock("battery", function() {
  found <- lapply(outcomes, function(y) svyttest(reformulate("g", y), design))
  p.adjust(sapply(found, function(test) test$p.value), "holm")
  -sapply(found, function(test) test$estimate[[1]])
}, 1, warm = FALSE)
# The quicker way, for the record: one joint table of means, then 20 contrasts of it.
clock("battery_joint", function() {
  found <- svyby(reformulate(outcomes), ~g, design, svymean, covmat = TRUE)
  sapply(1:20, function(k) coef(svycontrast(found, replace(numeric(40), 2 * k - 1:0, c(1, -1)))))
}, 1, warm = FALSE)
status <- tryCatch(readLines("/proc/self/status"), error = function(e) character(0))
peak <- as.numeric(gsub("[^0-9]", "", grep("VmHWM", status, value = TRUE))) * 1024
say("engine", sprintf('"versions": "R %s, survey %s, %s", "peak": %s', getRversion(), packageVersion("survey"),
                      basename(sessionInfo()$BLAS), if (length(peak)) sprintf("%.0f", peak) else "NaN"))
