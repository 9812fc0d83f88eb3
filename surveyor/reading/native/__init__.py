"""Files of statistics programs (SPSS, Stata, SAS), parsed in a process of their own."""
