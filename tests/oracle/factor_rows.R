# Read by factor_*.R and invariance*.R: collects rows (case, group, what, lhs, rhs, value, se) and writes them.
suppressMessages(library(lavaan))

# run(...) a second time from where the first ended, as the first stops at gradients near 1e-6.
polished <- function(run, ..., method = "BFGS") {
  first <- run(...)
  stopifnot(lavInspect(first, "converged"))
  steep <- function(fit) {   # along what equal parameters leave free
    slope <- lavInspect(fit, "gradient")
    if (fit@Model@eq.constraints) slope <- slope %*% fit@Model@eq.constraints.K
    max(abs(slope))
  }
  second <- suppressWarnings(run(..., start = first, optim.method = method, optim.force.converged = TRUE,
                                 control = list(reltol = 1e-20, maxit = 2000L)))
  best <- if (steep(second) < steep(first)) second else first
  if (steep(best) > 1e-6) message("gradient ", signif(steep(first), 3), " then ", signif(steep(second), 3))
  best
}
.rows <- new.env(); .rows$all <- list()

add <- function(case, what, value, lhs = "", rhs = "", group = "", se = NA) {
  if (length(value) == 0) { message("nothing: ", case, " ", what[1]); return(invisible()) }
  .rows$all[[length(.rows$all) + 1]] <- data.frame(case, group = as.character(group), what, lhs, rhs,
                                                   value = as.numeric(value), se = as.numeric(se))
}

save_rows <- function(file) {
  all <- do.call(rbind, .rows$all)
  shown <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
  all$value <- shown(all$value); all$se <- shown(all$se)
  write.csv(all, file, row.names = FALSE, quote = FALSE)
  cat(file, nrow(all), "rows\n")
}

kind <- function(table, factors) {
  of_factor <- table$lhs %in% factors
  ifelse(table$op == "=~", "loading", ifelse(table$op == "|", "threshold",
  ifelse(table$op == "~1", ifelse(of_factor, "factor_mean", "intercept"),
  ifelse(table$op == "~~", ifelse(of_factor, "factor_cov", "residual"), NA))))
}

# Every parameter, free or fixed, with its standard error (none where fixed).
parameters <- function(case, fit) {
  p <- as.data.frame(parTable(fit))
  p$what <- kind(p, lavNames(fit, "lv"))
  p <- p[!is.na(p$what), ]
  se <- if (is.null(p$se)) rep(NA, nrow(p)) else ifelse(p$se == 0, NA, p$se)
  add(case, p$what, p$est, p$lhs, p$rhs, p$group, se)
}

names_of_fit <- c(chisq = "chisq", df = "df", pvalue = "pvalue", chisq_scaled = "chisq.scaled",
  df_scaled = "df.scaled", pvalue_scaled = "pvalue.scaled", scaling = "chisq.scaling.factor", cfi = "cfi", tli = "tli",
  cfi_scaled = "cfi.scaled", tli_scaled = "tli.scaled", cfi_robust = "cfi.robust", tli_robust = "tli.robust",
  baseline_chisq = "baseline.chisq", baseline_df = "baseline.df", baseline_chisq_scaled = "baseline.chisq.scaled",
  baseline_df_scaled = "baseline.df.scaled", baseline_scaling = "baseline.chisq.scaling.factor", rmsea = "rmsea",
  rmsea_low = "rmsea.ci.lower", rmsea_high = "rmsea.ci.upper", rmsea_pvalue = "rmsea.pvalue",
  rmsea_scaled = "rmsea.scaled", rmsea_low_scaled = "rmsea.ci.lower.scaled", rmsea_high_scaled = "rmsea.ci.upper.scaled",
  rmsea_robust = "rmsea.robust", rmsea_low_robust = "rmsea.ci.lower.robust", rmsea_high_robust = "rmsea.ci.upper.robust",
  srmr = "srmr", srmr_bentler_nomean = "srmr_bentler_nomean", srmr_bollen = "srmr_bollen",
  srmr_bollen_nomean = "srmr_bollen_nomean", srmr_mplus = "srmr_mplus", crmr = "crmr", crmr_nomean = "crmr_nomean", fmin = "fmin", npar = "npar",
  ntotal = "ntotal", logl = "logl")

fit_measures <- function(case, fit) {
  m <- fitMeasures(fit)
  here <- names_of_fit[names_of_fit %in% names(m)]
  here <- here[!is.na(m[here])]
  add(case, names(here), m[here])
  test <- fit@test$scaled.shifted
  if (!is.null(test)) { add(case, "shift", sum(test$shift.parameter)); add(case, "shift_group", test$shift.parameter, group = seq_along(test$shift.parameter)) }
}

by_group <- function(x, fit) if (lavInspect(fit, "ngroups") == 1) list(x) else x

# Sample correlation minus implied correlation (each set of covariances made correlations by itself: Bollen 1989).
residual_correlations <- function(case, fit) {
  r <- by_group(residuals(fit, type = "cor.bollen"), fit)
  for (g in seq_along(r)) {
    m <- r[[g]]$cov; at <- which(lower.tri(m), arr.ind = TRUE)
    add(case, "residual_cor", m[at], colnames(m)[at[, 2]], rownames(m)[at[, 1]], g)
  }
}

all_of <- function(case, fit, residuals = TRUE) {
  parameters(case, fit); fit_measures(case, fit)
  if (residuals) residual_correlations(case, fit)
  invisible(fit)
}

# Differences of a list of nested fits, least restricted first.
differences <- function(case, fits, ...) {
  for (k in seq_along(fits)[-1]) {
    d <- try(lavTestLRT(fits[[k - 1]], fits[[k]], ...), silent = TRUE)
    if (inherits(d, "try-error")) { message(case, " ", names(fits)[k], ": ", d); next }
    at <- 2
    if (d[at, "Df diff"] == 0) next
    add(case, "diff_chisq", d[at, "Chisq diff"], names(fits)[k - 1], names(fits)[k])
    add(case, "diff_df", d[at, "Df diff"], names(fits)[k - 1], names(fits)[k])
    add(case, "diff_p", d[at, "Pr(>Chisq)"], names(fits)[k - 1], names(fits)[k])
  }
}

# Thresholds, means, variances, correlations (polychoric, polyserial) and covariances, with their errors if rows are independent.
sample_statistics <- function(case, fit) {
  values <- by_group(lavInspect(fit, "wls.obs"), fit); gammas <- by_group(lavInspect(fit, "gamma"), fit)
  for (g in seq_along(values)) {
    v <- values[[g]]; names_of <- names(v)
    se <- sqrt(diag(gammas[[g]]) / fit@SampleStats@nobs[[g]])
    parts <- strsplit(names_of, "\\||~~|~")
    mean_of <- grepl("~1$", names_of)
    v[mean_of] <- -v[mean_of]   # lavaan keeps minus the mean
    what <- ifelse(grepl("|", names_of, fixed = TRUE), "sample_threshold", ifelse(mean_of, "sample_mean", "sample_cov"))
    add(case, what, v, sapply(parts, `[`, 1), ifelse(mean_of, "", sapply(parts, `[`, 2)), g, se)
  }
  add(case, "nobs", unlist(fit@SampleStats@nobs), group = seq_along(values))
  invisible(fit)
}
