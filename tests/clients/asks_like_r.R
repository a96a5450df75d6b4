# Posts a body with httr2, as programs in R do.
library(httr2)
arguments <- commandArgs(trailingOnly = TRUE)
for (asked in 1:2) {
  request <- req_body_raw(request(arguments[1]), arguments[2], type = "application/json")
  response <- req_perform(req_error(request, is_error = function(response) FALSE))
  cat(resp_status(response), resp_body_string(response), "\n")
}
