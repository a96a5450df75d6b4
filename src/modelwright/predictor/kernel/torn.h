/* Memory that is a part of a file: whoever makes the file shorter takes it away, and the system ends the
 * process that writes there (SIGBUS). Here only the write ends. */

static _Thread_local sigjmp_buf torn_back;
static _Thread_local volatile sig_atomic_t torn_tries;
static struct sigaction torn_before;

static void torn(int number) {
    (void)number;
    if (torn_tries) siglongjmp(torn_back, 1);
    /* Another's fault: it happens again at once, and goes to whoever heard of it before. */
    sigaction(SIGBUS, &torn_before, NULL);
}

/* Hear of memory that is gone; called before the first line is written. */
EXPORT void modelwright_mind_cuts(void) {
    static int minds;
    if (minds) return;
    minds = 1;
    /* A jump out of the function leaves the signal as it is: not held back. */
    struct sigaction action = {.sa_handler = torn, .sa_flags = SA_NODEFER};
    sigaction(SIGBUS, &action, &torn_before);
}
