# == reading
# Texts in UTF-8, marked so, whatever the locale is.
as_utf8 <- function(text) {
  text <- enc2utf8_unless_valid(as.character(text))
  Encoding(text) <- "UTF-8"
  text
}

enc2utf8_unless_valid <- function(text) {
  other <- which(!is.na(text) & (Encoding(text) == "latin1" | !validUTF8(text)))
  text[other] <- enc2utf8(text[other])
  text
}

# Texts without blanks at their ends: byte by byte, because the locale must not matter.
stripped <- function(text) {
  blank <- paste0(
    "(?:[\\t\\n\\x0b\\f\\r ]|\\xc2[\\x85\\xa0]|\\xe1\\x9a\\x80|",
    "\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80)+"
  )
  text <- sub(paste0("^", blank), "", text, perl = TRUE, useBytes = TRUE)
  text <- sub(paste0(blank, "\\z"), "", text, perl = TRUE, useBytes = TRUE)
  Encoding(text) <- "UTF-8"
  text
}

# What a function makes of values, each different one once; a factor holds them so already.
by_different <- function(values, make) {
  if (is.factor(values)) {
    different <- levels(values)
    at <- as.integer(values)
  } else {
    different <- unique(values)
    at <- match(values, different)
  }
  made <- make(different)
  if (is.list(made)) lapply(made, function(each) each[at]) else made[at]
}

# A cell as a text: numbers are written as they are when they name a category.
text_of <- function(column, values) {
  if (is.character(values)) {
    return(as_utf8(values))
  }
  if (is.logical(values)) {
    return(ifelse(values, "true", "false"))
  }
  refuse_class(column, values, "a text, a factor or a number")
  if (!is.numeric(values)) {
    refuse(column, values, 1L, "a text, a factor or a number")
  }
  text_of_number(as.double(values))
}

text_of_number <- function(number) {
  whole <- which(is.finite(number) & number == trunc(number) & abs(number) < 2^63)
  text <- sprintf("%.15g", number)
  for (digits in c(16L, 17L)) {
    longer <- which(is.finite(number) & as.double(text) != number)
    text[longer] <- sprintf("%.*g", digits, number[longer])
  }
  text[whole] <- sprintf("%.0f", number[whole] + 0)
  text[which(number == Inf)] <- "inf"
  text[which(number == -Inf)] <- "-inf"
  text[is.na(number)] <- NA
  text
}

refuse_class <- function(column, values, wanted) {
  if (inherits(values, c("Date", "POSIXt", "difftime", "integer64"))) {
    stop(
      "The column '", column$name, "' is of the class ", class(values)[1L], ". Give ", wanted, ".",
      call. = FALSE
    )
  }
}

refuse <- function(column, values, wrong, wanted) {
  stop(
    "The column '", column$name, "' holds '", format(values[wrong][[1L]]), "'. Give ", wanted,
    ", or NA.",
    call. = FALSE
  )
}

# Numbers of texts; NA for anything else.
number_of <- function(text) {
  plain <- grepl(number_pattern, text, perl = TRUE, useBytes = TRUE)
  dollars <- gsub("\\xe2\\x82\\xac|\\xc2[\\xa3\\xa5]", "$", text, perl = TRUE, useBytes = TRUE)
  decorated <- !plain & grepl(decorated_pattern, dollars, perl = TRUE, useBytes = TRUE)
  number <- rep(NA_real_, length(text))
  number[plain] <- as.double(text[plain])
  number[decorated] <- as.double(gsub("[,$% ]", "", dollars[decorated]))
  number
}

missing_numbers <- function(column) {
  numbers <- number_of(column$missing)
  numbers[!is.na(numbers)]
}

# == text_cells
read_text <- function(column, values) {
  by_different(values, function(different) {
    text <- stripped(text_of(column, different))
    if (column$kind == "code") {
      # A code that went through a column of floats is read as a code.
      text <- sub("^([+-]?[0-9]+)\\.0+\\z", "\\1", text, perl = TRUE, useBytes = TRUE)
      Encoding(text) <- "UTF-8"
    }
    text[text %in% c(missing_texts, column$missing)] <- NA
    text
  })
}

# == number_cells: lenient_numbers
read_number <- function(column, values) {
  if (is.character(values) || is.factor(values)) {
    number <- by_different(values, function(texts) lenient_numbers(column, texts, "a number"))
  } else {
    refuse_class(column, values, "numbers")
    # Nothing but NA is logical.
    wrong <- if (is.logical(values)) !is.na(values) else rep(!is.numeric(values), length(values))
    if (any(wrong)) {
      refuse(column, values, wrong, "a number")
    }
    number <- as.double(values)
  }
  number[number %in% missing_numbers(column)] <- NA
  number
}

# == measure_cells: number_cells
# Numbers that may stand beside their unit, and times as hours.
read_measure <- function(column, values) {
  if (is.character(values) || is.factor(values)) {
    values <- by_different(values, function(different) {
      text <- stripped(as_utf8(different))
      there <- !(text %in% c(NA, missing_texts, missing_among_numbers, column$missing))
      text[there] <- without_unit(column$unit, text[there])
      text
    })
  }
  read_number(column, values)
}

without_unit <- function(unit, text) {
  if (!is.null(forms[[unit]])) {
    return(in_form(forms[[unit]], text))
  }
  alone <- without_end(without_end(text, paste0(unit, "s")), unit)
  starts <- startsWith(alone, unit)
  alone[starts] <- substring(alone[starts], nchar(unit) + 1L)
  if (unit == "h:mm") {
    clock <- "^([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9])(?:\\.[0-9]+)?)?(?: ?([AaPp])\\.?[Mm]\\.?)?\\z"
    is_clock <- grepl(clock, text, perl = TRUE)
    part <- function(group) sub(clock, paste0("\\", group), text[is_clock], perl = TRUE)
    hour <- as.double(part(1L))
    half <- part(4L)
    hour[half != ""] <- hour[half != ""] %% 12 + 12 * (half[half != ""] %in% c("p", "P"))
    second <- as.double(ifelse(part(3L) == "", "0", part(3L)))
    hours <- ((hour * 60 + as.double(part(2L))) * 60 + second) / 3600
    alone[is_clock] <- sprintf("%.17g", hours)
  }
  alone
}

# Numbers written in pieces become numbers; anything else stays as it is, and so do plain numbers
# unless a comma is a decimal one.
in_form <- function(form, text) {
  is_number <- form$comma != "." & !is.na(number_of(text))
  found <- regexpr(form$pattern, text, perl = TRUE, useBytes = TRUE)
  first <- attr(found, "capture.start")
  size <- attr(found, "capture.length")
  names <- attr(found, "capture.names")
  is_form <- found %in% 1L & rowSums(size > 0L) > 0L & !is_number
  bytes <- text
  Encoding(bytes) <- "bytes" # what was found is counted in bytes
  total <- rep(form$shift, sum(is_form))
  for (group in names(form$weights)) {
    at <- match(group, names)
    piece <- substring(bytes[is_form], first[is_form, at], (first + size)[is_form, at] - 1L)
    piece <- ifelse(nzchar(piece), gsub(",", form$comma, piece, useBytes = TRUE), "0")
    total <- total + form$weights[[group]] * as.double(piece)
  }
  text[is_form] <- sprintf("%.17g", total / form$divisor)
  text
}

without_end <- function(text, end) {
  ends <- endsWith(text, end)
  text[ends] <- substring(text[ends], 1L, nchar(text[ends]) - nchar(end))
  text
}

# == lenient_numbers
lenient_numbers <- function(column, values, wanted) {
  text <- stripped(as_utf8(values))
  text[text %in% c(missing_texts, missing_among_numbers, column$missing)] <- NA
  number <- number_of(text)
  wrong <- !is.na(text) & is.na(number)
  if (any(wrong)) {
    refuse(column, values, wrong, wanted)
  }
  number
}

# == truth_cells
read_truth <- function(column, values) {
  by_different(values, function(different) {
    text <- stripped(text_of(column, different))
    number <- number_of(text)
    text[text %in% c(missing_texts, missing_among_numbers, column$missing)] <- NA
    text[number %in% missing_numbers(column)] <- NA
    yes <- grepl("^(?i:yes|true|t|y|on)\\z", text, perl = TRUE, useBytes = TRUE)
    no <- grepl("^(?i:no|false|f|n|off)\\z", text, perl = TRUE, useBytes = TRUE)
    truth <- ifelse(yes, 1, ifelse(no, 0, abs(number)))
    wrong <- !is.na(text) & !(truth %in% c(0, 1))
    if (any(wrong)) {
      refuse(column, different, wrong, "TRUE, FALSE, 1, 0")
    }
    ifelse(is.na(text), NA, truth)
  })
}

# == moment_cells
# Moments as days since 1970 and microseconds of the day, in UTC.
read_moment <- function(column, values) {
  if (inherits(values, "Date")) {
    return(list(days = floor(as.double(values)), micros = 0 * as.double(values)))
  }
  if (inherits(values, "POSIXt")) {
    seconds <- as.double(as.POSIXct(values))
    return(carried(seconds %/% 86400, round(seconds %% 86400 * 1e6)))
  }
  refuse_class(column, values, "moments")
  wanted <- paste("a Date, a POSIXct, a text", column$written)
  by_different(values, function(different) parse_moments(column, different, wanted))
}

carried <- function(days, micros) {
  more <- micros %/% 8.64e10
  list(days = days + more, micros = micros - more * 8.64e10)
}

parse_moments <- function(column, values, wanted) {
  # Nothing but NA is logical, and whole numbers stand for moments only in a form such as %Y%m%d.
  text <- if (is.logical(values)) ifelse(values, "true", "false") else text_of(column, values)
  text <- stripped(text)
  text[text %in% c(missing_texts, missing_among_numbers, column$missing)] <- NA
  found <- regexpr(column$pattern, text, perl = TRUE, useBytes = TRUE)
  first <- attr(found, "capture.start")
  size <- attr(found, "capture.length")
  names <- attr(found, "capture.names")
  Encoding(text) <- "bytes" # what was found is counted in bytes
  part <- function(name) {
    at <- match(name, names)
    if (is.na(at)) {
      return(rep("", length(text)))
    }
    taken <- substring(text, first[, at], first[, at] + size[, at] - 1L)
    ifelse(is.na(taken) | first[, at] < 1L, "", taken)
  }
  number <- function(name) {
    taken <- part(name)
    ifelse(nzchar(taken), suppressWarnings(as.double(taken)), 0)
  }
  year <- number("Y") + number("Z")
  if (!("Y" %in% names)) {
    year <- number("y")
    year <- year + ifelse(year >= 69, 1900, 2000)
  }
  month <- if ("m" %in% names) number("m") else rep(1, length(text))
  if ("b" %in% names) {
    month <- month_of(part("b"))
  }
  if ("q" %in% names) {
    month <- 3 * (number("q") + number("r")) - 2
  }
  day <- if ("d" %in% names) pmax(1, number("d")) else rep(1, length(text))
  hour <- number("H")
  if ("I" %in% names) {
    hour <- number("I") %% 12 + ifelse(part("p") %in% c("P", "p"), 12, 0)
  }
  offset <- number("zh") * 60 + number("zm")
  minute <- number("M") + ifelse(part("sign") == "-", offset, -offset)
  fraction <- substring(paste0(part("f"), "000000"), 1L, 6L)
  seconds <- (hour * 60 + minute) * 60 + number("S")
  leaps <- year %% 4 == 0 & (year %% 100 != 0 | year %% 400 == 0)
  longest <- c(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[pmax(1, month)]
  longest <- longest + (leaps & month == 2)
  ticks <- c(es = 1e6, em = 1e3, eu = 1)
  counted <- intersect(names(ticks), names) # from 1970 on
  wrong <- !is.na(text) & (found < 1L | (!length(counted) & (year < 1 | day > longest)))
  days <- days_of(year, month, day)
  if ("w" %in% names) {
    # The fourth of January is always in the first week; 1970 began on a Thursday.
    fourth <- days_of(year, rep(1, length(text)), rep(4, length(text)))
    weeks <- number("w") + number("v") - 1
    monday <- fourth - (fourth + 3) %% 7 + 7 * weeks
    days <- monday + pmax(1, number("u")) - 1
    # Few years have a week 53: a week is of the year that has its Thursday.
    last <- days_of(year, rep(12, length(text)), rep(31, length(text)))
    wrong <- wrong | (!is.na(text) & found > 0L & monday + 3 > last)
  }
  if (any(wrong)) {
    refuse(column, values, wrong, wanted)
  }
  if (length(counted)) {
    micros <- number(counted) * ticks[[counted]] + as.double(fraction)
    days <- micros %/% 8.64e10
    moment <- list(days = days, micros = micros - days * 8.64e10)
  } else {
    moment <- carried(days, seconds * 1e6 + as.double(fraction))
  }
  lapply(moment, function(each) ifelse(is.na(text), NA, each))
}

month_of <- function(text) {
  months <- c("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
  month <- rep(1, length(text))
  for (each in seq_along(months)) {
    month[grepl(paste0("^(?i:", months[each], ")"), text, perl = TRUE, useBytes = TRUE)] <- each
  }
  month
}

days_of <- function(year, month, day) {
  shifted <- year - (month <= 2)
  era <- shifted %/% 400
  year_of_era <- shifted - era * 400
  day_of_year <- (153 * (month + ifelse(month > 2, -3, 9)) + 2) %/% 5 + day - 1
  era * 146097 + year_of_era * 365 + year_of_era %/% 4 - year_of_era %/% 100 + day_of_year - 719468
}
