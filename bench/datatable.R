# The sums in data.table: Rscript datatable.R MODEL TABLE OUT THREADS; files and seconds as in duckdb.mjs.
#
# TABLE has 30 fields in every row: fread stops at a row that has fewer or more. Types are given; amounts are doubles, in
# which sums are whole numbers up to 2^53, and nothing is read twice. Where the generator writes what is no number or has
# too many digits, fread turns the whole column into texts, so these are texts from the start: three amounts and the industry.
suppressPackageStartupMessages(library(data.table))
argument <- commandArgs(trailingOnly = TRUE)
model <- argument[1]
table <- argument[2]
out <- argument[3]
setDTthreads(as.integer(argument[4]))

# The job, from the model file as in job.mjs.
lines <- readLines(model, encoding = "UTF-8")
pick <- function(pattern) regmatches(lines, regexec(pattern, lines, perl = TRUE))
amounts <- unlist(lapply(pick("\\{id: (\\w+), column: \\[\\w+\\], type: amount"), `[`, 2))
amounts <- amounts[!is.na(amounts)]
pairs <- Filter(length, pick("\\{id: (\\w+),.* formula: (\\w+) / (\\w+),"))
columns <- unlist(lapply(pairs, `[`, 3:4))
stopifnot(length(amounts) == 24, setequal(amounts, columns))
codes <- file.path(dirname(model), "..", "datasets", "codes")
texts <- c("revenue", "output", "assets")

types <- list(
  integer = c("year", "area_code"), character = c("industry_code", texts), numeric = setdiff(amounts, texts),
  `NULL` = c("usci", "name", "size")
)
number <- function(text) suppressWarnings(as.numeric(text))
fits <- function(text, value) text == "" | (!is.na(value) & abs(value) < 2^63) # blank cells do

dir.create(out, showWarnings = FALSE, recursive = TRUE)
start <- proc.time()[["elapsed"]]
regions <- fread(file.path(codes, "region.csv"), select = "code", colClasses = "character")$code
industries <- fread(file.path(codes, "industry.csv"), select = "code", colClasses = "character")$code
rows <- fread(table, sep = ",", quote = "\"", header = TRUE, colClasses = types, showProgress = FALSE)
rows[, industry := chmatch(industry_code, industries)]
good <- rows[, !is.na(year) & area_code %in% as.integer(regions) & !is.na(industry) &
  (is.na(rd_expenditure) | rd_expenditure == trunc(rd_expenditure))]
for (name in texts) {
  value <- number(rows[[name]])
  good <- good & fits(rows[[name]], value)
  set(rows, j = name, value = value)
}
rows[, division := as.integer(substr(industries, 1, 2))[industry]]
cells <- rows[good, c(.(rows = .N), lapply(.SD, sum, na.rm = TRUE)), by = .(year, area_code, division), .SDcols = columns]
add_up <- function(level, unit) {
  sums <- cells[, c(.(year = year, unit = unit), .SD), .SDcols = c("rows", columns)]
  sums <- sums[, lapply(.SD, sum), by = .(year, unit)]
  fwrite(sums, file.path(out, paste0(level, ".csv")), scipen = 50)
}
province <- paste0(cells$area_code %/% 10000L, "0000")
add_up("nation", "")
add_up("province", province)
add_up("city", as.character(cells$area_code))
add_up("industry", as.character(cells$division))
add_up("province_industry", paste0(province, "|", cells$division))
cat(sprintf("{\"seconds\": %.3f}\n", proc.time()[["elapsed"]] - start))
