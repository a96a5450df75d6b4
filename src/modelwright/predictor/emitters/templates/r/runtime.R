# == core
# Numbers and whole numbers of the tables, from a place on, which counts from 0.
doubles <- function(place, count) tables$doubles[place + seq_len(count)]
wholes <- function(place, count) tables$wholes[place + seq_len(count)]

# The numbers of a table for each row, as a matrix like x.
across <- function(x, place) rep(doubles(place, ncol(x)), each = nrow(x))

# == bounded
# What is missing stays missing. Comparisons are quicker than pmin and pmax.
bounded <- function(x, low, high) {
  under <- which(x < low)
  over <- which(x > high)
  x[under] <- if (length(low) == 1L) low else low[under]
  x[over] <- if (length(high) == 1L) high else high[over]
  x
}

# == impute
impute <- function(x, fill) {
  missing <- which(is.na(x))
  x[missing] <- doubles(fill, ncol(x))[(missing - 1L) %/% nrow(x) + 1L]
  x
}

# == missing_flags
missing_flags <- function(x) matrix(as.double(is.na(x)), nrow(x))

# == scale: bounded
scale <- function(x, center, scale, limit) {
  bounded((x - across(x, center)) / across(x, scale), -limit, limit)
}

# == smooth_clip: bounded
smooth_clip <- function(x, limit) {
  near <- bounded(x, -1e100, 1e100)
  share <- near / limit
  near / sqrt(1 + share * share)
}

# == ramps: bounded
ramps <- function(x, width, source, start, length) {
  x <- x[, wholes(source, width) + 1L, drop = FALSE]
  bounded((x - across(x, start)) / across(x, length), 0, 1)
}

# == round_to_float32
round_to_float32 <- function(x) {
  rounded <- writeBin(as.vector(x), raw(), size = 4L)
  matrix(readBin(rounded, "numeric", length(x), size = 4L), nrow(x))
}

# == date_parts
# A moment is its day since 1970 and the microseconds of that day: no number of R's holds it whole.
# Howard Hinnant, "chrono-compatible low-level date algorithms" (2013).
date_parts <- function(moments, width, parts) {
  days <- moments$days
  within <- moments$micros
  era <- (days + 719468) %/% 146097
  day_of_era <- (days + 719468) %% 146097
  year_of_era <- (day_of_era - day_of_era %/% 1460 + day_of_era %/% 36524 -
    day_of_era %/% 146096) %/% 365
  shifted_day <- day_of_era - (365 * year_of_era + year_of_era %/% 4 - year_of_era %/% 100)
  shifted_month <- (5 * shifted_day + 2) %/% 153
  month <- shifted_month + 3 - 12 * (shifted_month >= 10)
  year <- year_of_era + era * 400 + (month <= 2)
  past <- year - 1
  days_before <- 365 * past + past %/% 4 - past %/% 100 + past %/% 400 - 719162
  known <- cbind(
    year,
    month,
    shifted_day - (153 * shifted_month + 2) %/% 5 + 1,
    (days + 3) %% 7,
    days - days_before + 1,
    within %/% 3.6e9,
    within %/% 6e7 %% 60,
    (days * 8.64e10 + within) / 8.64e10,
    deparse.level = 0
  )
  known[, wholes(parts, width) + 1L, drop = FALSE]
}

# == codes
codes <- function(texts, levels) {
  found <- lookup(levels, texts)
  found[is.na(found)] <- 1
  found[is.na(texts)] <- 0
  matrix(found, ncol = 1L)
}

# == code_table
code_table <- function(code, width, table, rows) {
  code <- as.vector(code)
  code[!(code >= 0 & code < rows) | is.na(code)] <- 1
  places <- table + rep(trunc(code) * width, width) + rep(seq_len(width), each = length(code))
  matrix(tables$doubles[places], length(code))
}

# == token_weights
token_weights <- function(texts, width, vocabulary, characters, shortest, longest, rarity,
                          weights) {
  total <- matrix(0, length(texts), width)
  different <- unique(texts[!is.na(texts) & nzchar(texts)])
  if (length(different) == 0L) {
    return(total)
  }
  words <- words_of(different)
  cut <- if (characters) runs_of_characters else runs_of_words
  tokens <- cut(words$word, words$text, shortest, longest)
  place <- lookup(vocabulary, tokens$token)
  known <- !is.na(place)
  sums <- weigh(tokens$text[known], place[known], length(different), width, rarity, weights)
  at <- match(texts, different)
  total[!is.na(at), ] <- sums[at[!is.na(at)], ]
  total
}

# A token that occurs c times counts 1 + ln c times its rarity, over the norm of all. Sums run over
# tokens one after another, for all texts at once.
weigh <- function(text, place, texts, width, rarity, weights) {
  total <- matrix(0, texts, width)
  if (length(text) == 0L) {
    return(total)
  }
  ordered <- order(text, place)
  text <- text[ordered]
  place <- place[ordered]
  last <- c(which(diff(text) != 0 | diff(place) != 0), length(text))
  counts <- diff(c(0L, last))
  text <- text[last]
  place <- place[last]
  strength <- (1 + log(counts)) * tables$doubles[rarity + place + 1]
  rank <- sequence(rle(text)$lengths)
  rounds <- split(seq_along(rank), rank)
  squares <- numeric(texts)
  for (now in rounds) {
    squares[text[now]] <- squares[text[now]] + strength[now] * strength[now]
  }
  norm <- sqrt(squares)
  norm[norm == 0] <- 1
  share <- strength / norm[text]
  for (now in rounds) {
    for (column in seq_len(width)) {
      weight <- tables$doubles[weights + place[now] * width + column]
      total[text[now], column] <- total[text[now], column] + share[now] * weight
    }
  }
  total
}

# The words of texts, folded by the model's own table: neither the locale nor the version of R's
# Unicode is of any account. Letters, digits, and single apostrophes between them.
words_of <- function(texts) {
  codes <- lapply(texts, function(text) {
    code <- utf8ToInt(text)
    code[seq_len(min(20000L, length(code)))]
  })
  # A blank ends each text, so that no word goes on in the next.
  code <- unlist(lapply(codes, c, 32L))
  text <- rep(seq_along(codes), lengths(codes) + 1L)
  at <- match(code, folding$codes)
  size <- ifelse(is.na(at), 1L, folding$sizes[at])
  begin <- ifelse(is.na(at), 0L, folding$begins[at])
  text <- rep(text, size)
  nth <- sequence(size[size > 0L])
  folded <- rep(code, size)
  is_folded <- rep(!is.na(at), size)
  folded[is_folded] <- folding$characters[(rep(begin, size) + nth)[is_folded]]
  range <- findInterval(folded, folding$firsts)
  inside <- range > 0L & folded <= folding$lasts[pmax(range, 1L)]
  count <- length(inside)
  joins <- folded == 39L & c(FALSE, inside[-count]) & c(inside[-1L], FALSE)
  folded[!(inside | joins)] <- 32L
  written <- vapply(split(folded, text), intToUtf8, "", USE.NAMES = FALSE)
  words <- strsplit(written, " ", fixed = TRUE, useBytes = TRUE)
  word <- as.character(unlist(words))
  Encoding(word) <- "UTF-8"
  of <- rep(seq_along(words), lengths(words))
  list(word = word[nzchar(word)], text = of[nzchar(word)])
}

runs_of_words <- function(word, text, shortest, longest) {
  tokens <- list()
  texts <- list()
  for (length in shortest:longest) {
    first <- seq_len(max(0L, length(word) - length + 1L))
    first <- first[text[first] == text[first + length - 1L]]
    run <- word[first]
    for (more in seq_len(length - 1L)) {
      run <- paste(run, word[first + more])
    }
    tokens[[length]] <- run
    texts[[length]] <- text[first]
  }
  list(token = as.character(unlist(tokens)), text = unlist(texts))
}

runs_of_characters <- function(word, text, shortest, longest) {
  different <- unique(word)
  padded <- paste0(" ", different, " ")
  size <- lengths(lapply(padded, utf8ToInt))
  tokens <- list()
  words <- list()
  for (length in shortest:longest) {
    runs <- pmax(0L, size - length + 1L)
    of <- rep(seq_along(different), runs)
    first <- sequence(runs[runs > 0L])
    tokens[[length]] <- substring(padded[of], first, first + length - 1L)
    words[[length]] <- of
  }
  token <- as.character(unlist(tokens))
  by_word <- split(seq_along(token), factor(unlist(words), seq_along(different)))
  taken <- by_word[match(word, different)]
  list(token = token[unlist(taken, use.names = FALSE)], text = rep(text, lengths(taken)))
}

# == constant
constant <- function(rows, width, answer) {
  matrix(doubles(answer, width), rows, width, byrow = TRUE)
}

# == columns
columns <- function(values) do.call(cbind, values)

# == linear
# Sums run over columns one after another: a row alone has the bits of a batch.
linear <- function(x, width, weights, bias) {
  rows <- nrow(x)
  if (rows < 100L) {
    total <- rep(doubles(bias, width), each = rows)
    for (column in seq_len(ncol(x))) {
      weight <- doubles(weights + (column - 1) * width, width)
      total <- total + x[, column] * (if (rows == 1L) weight else rep(weight, each = rows))
    }
    return(matrix(total, rows))
  }
  # For many rows, loops over outputs make the fewest new vectors.
  total <- matrix(0, rows, width)
  inputs <- lapply(seq_len(ncol(x)), function(column) x[, column])
  for (output in seq_len(width)) {
    sum <- rep(tables$doubles[bias + output], rows)
    weight <- tables$doubles[weights + (seq_along(inputs) - 1) * width + output]
    for (column in seq_along(inputs)) {
      sum <- sum + inputs[[column]] * weight[column]
    }
    total[, output] <- sum
  }
  total
}

# == curves: bounded
curves <- function(x, width, sizes, knots, heights, missing) {
  total <- matrix(0, nrow(x), width)
  start <- 0
  counts <- wholes(sizes, ncol(x))
  for (column in seq_along(counts)) {
    count <- counts[column]
    number <- x[, column]
    knot <- doubles(knots + start, count)
    left <- pmin(pmax(findInterval(number, knot), 1L), count - 1L)
    low <- knot[left]
    high <- knot[left + 1L]
    share <- (bounded(number, low, high) - low) / (high - low)
    none <- is.na(number)
    for (output in seq_len(width)) {
      place <- heights + (start + left - 1) * width + output
      begin <- tables$doubles[place]
      added <- begin + share * (tables$doubles[place + width] - begin)
      added[none] <- tables$doubles[missing + (column - 1) * width + output]
      total[, output] <- total[, output] + added
    }
    start <- start + count
  }
  total
}

# == relu
relu <- function(x) {
  x[which(x < 0)] <- 0
  x
}

# == silu: logistic
silu <- function(x) x * logistic(x)

# == tanh: logistic
tanh <- function(x) 2 * logistic(2 * x) - 1

# == logarithm
logarithm <- function(x) {
  x[which(x < 1e-300)] <- 1e-300
  log(x)
}

# == trees
trees <- function(x, width, strict, count, roots, outputs, asked, numbers, leaves, base, scale) {
  rows <- nrow(x)
  total <- matrix(0, rows, width)
  at_once <- max(1, 65536 %/% count)
  for (first in seq(1, rows, by = at_once)) {
    part <- first:min(rows, first + at_once - 1)
    number <- reach(x[part, , drop = FALSE], wholes(roots, count), strict, asked, numbers)
    if (leaves >= 0) {
      # Leaves hold all columns: the number is the row of a leaf.
      for (column in seq_len(width)) {
        terms <- matrix(tables$doubles[leaves + number * width + column], length(part))
        total[part, column] <- sum_trees(terms)
      }
    } else {
      adds_to <- wholes(outputs, count) + 1L
      for (column in seq_len(width)) {
        total[part, column] <- sum_trees(number[, adds_to == column, drop = FALSE])
      }
    }
  }
  rep(doubles(base, width), each = rows) + scale * total
}

# The number of the leaf that each row reaches in each tree.
reach <- function(x, roots, strict, asked, numbers) {
  rows <- nrow(x)
  # Each number stands twice, with missing as the largest and as the smallest: a node asks the one
  # that sends a missing number where it belongs. The left child is the next node.
  sides <- matrix(x[, rep(seq_len(ncol(x)), each = 2L)], rows)
  missing <- which(is.na(sides))
  sides[missing] <- ifelse((missing - 1L) %/% rows %% 2L == 0L, Inf, -Inf)
  node <- rep(roots, each = rows)
  row <- rep.int(seq_len(rows), length(roots)) - rows
  active <- seq_along(node)
  walker <- node
  ask <- tables$wholes[asked + 2L * walker + 1]
  repeat {
    going <- which(ask != 0L)
    if (length(going) < length(active)) {
      active <- active[going]
      walker <- walker[going]
      ask <- ask[going]
      row <- row[going]
    }
    if (length(active) == 0L) {
      break
    }
    number <- sides[row + rows * ask]
    bound <- tables$doubles[numbers + walker + 1]
    right <- which(if (strict) number >= bound else number > bound)
    step <- rep.int(1L, length(walker))
    step[right] <- tables$wholes[asked + 2L * walker[right] + 2]
    walker <- walker + step
    node[active] <- walker
    ask <- tables$wholes[asked + 2L * walker + 1]
  }
  matrix(tables$doubles[numbers + node + 1], rows)
}

# From left to right, as all hosts add.
sum_trees <- function(terms) {
  total <- numeric(nrow(terms))
  if (nrow(terms) == 1L) {
    total <- 0
    for (term in terms) total <- total + term
    return(total)
  }
  for (tree in seq_len(ncol(terms))) total <- total + terms[, tree]
  total
}

# == sigmoid: logistic
sigmoid <- function(x) {
  positive <- logistic(x[, 1L])
  cbind(1 - positive, positive, deparse.level = 0)
}

# == softmax: normalise
softmax <- function(x) normalise(x)

# == exponential: bounded
exponential <- function(x) exp(bounded(x, -700, 700))

# == clip: bounded
clip <- function(x, low, high) bounded(x, low, high)

# == blend
blend <- function(values, weights) {
  total <- 0 * values[[1L]]
  total[] <- 0
  for (each in seq_along(values)) total <- total + values[[each]] * weights[each]
  total
}

# == scale_logits: bounded, normalise
scale_logits <- function(x, slope, bias) {
  normalise(slope * log(bounded(x, 1e-15, 1)) + across(x, bias))
}

# == isotonic
isotonic <- function(x, knots, heights, count) {
  value <- x[, 2L]
  knot <- doubles(knots, count)
  height <- doubles(heights, count)
  below <- findInterval(value, knot)
  answer <- height[pmax(below, 1L)]
  answer[is.na(value)] <- NaN
  between <- which(below >= 1L & below < count)
  left <- below[between]
  slope <- (height[left + 1L] - height[left]) / (knot[left + 1L] - knot[left])
  answer[between] <- slope * (value[between] - knot[left]) + height[left]
  cbind(1 - answer, answer, deparse.level = 0)
}

# == logistic
logistic <- function(x) exp(bounded_above(x)) / (1 + exp(-abs(x)))

bounded_above <- function(x) {
  x[which(x > 0)] <- 0
  x
}

# == normalise
normalise <- function(x) {
  largest <- x[, 1L]
  for (column in seq_len(ncol(x))[-1L]) {
    more <- which(x[, column] > largest | is.na(x[, column]))
    largest[more] <- x[more, column]
  }
  powers <- exp(x - largest)
  total <- 0
  for (column in seq_len(ncol(x))) total <- total + powers[, column]
  powers / total
}
