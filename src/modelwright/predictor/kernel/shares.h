/* All walks down trees that take some numbers from one row and the rest from another, and what each
 * leaf means for the columns that lead there: see attribution/walks.py, which does the same with NumPy.
 *
 * Which way a row turns at a node is asked before, so that nothing is compared here. A walk forks where
 * the two rows part and it is not settled yet whose column it is; each fork settles one, so that forks
 * are never deeper than there are columns.
 */

typedef struct {
    const int32_t *players; /* columns that nodes ask together */
    const uint8_t *right;   /* by combination, node and pair: which way it is */
    int64_t count;
    int64_t nodes;
} Together;

typedef struct {
    const int32_t *roots;
    const int32_t *outputs; /* the column of each tree; NULL where a leaf has all */
    const int32_t *feature; /* below 0 at a leaf */
    const int32_t *left;    /* at a leaf, the row of `leaves` */
    const int32_t *right;
    const int32_t *player; /* the column that a node asks, or -2 - k for those of together[k] */
    const int32_t *place;  /* of a node among those that ask the same together */
    const uint8_t *rows;   /* by node and row: whether it turns right */
    const uint8_t *others;
    const Together *together;
    const double *leaves;
    const double *share; /* by p and q: what each of p columns has of a leaf, with q others */
    double scale;
    int64_t trees;
    int64_t nodes;
    int64_t columns;
    int64_t players;
} Forks;

enum { OPEN, MINE, THEIRS };

typedef struct {
    const Forks *forks;
    int64_t rows;
    int64_t others;
    int64_t tree;
    int64_t row;
    int64_t other;
    const double *slope; /* of this pair */
    double *parts;
    int64_t counts[3];
    uint8_t *state;   /* of each column */
    int32_t *settled; /* the columns that are */
} Walk;

static void share_leaf(Walk *walk, int32_t node) {
    const Forks *forks = walk->forks;
    double value = 0.0;
    if (forks->outputs) {
        value = forks->leaves[forks->left[node]] * walk->slope[forks->outputs[walk->tree]];
    } else {
        const double *leaf = forks->leaves + (int64_t)forks->left[node] * forks->columns;
        for (int64_t column = 0; column < forks->columns; column++)
            value += leaf[column] * walk->slope[column];
    }
    value *= forks->scale;
    int64_t mine = walk->counts[MINE], theirs = walk->counts[THEIRS], side = forks->players + 1;
    double gains = value * forks->share[mine * side + theirs];
    double loses = value * forks->share[theirs * side + mine];
    for (int64_t at = 0; at < mine + theirs; at++) {
        int32_t player = walk->settled[at];
        if (walk->state[player] == MINE)
            walk->parts[player] += gains;
        else
            walk->parts[player] -= loses;
    }
}

static void fork_walk(Walk *walk, int32_t player, int32_t mine, int32_t theirs);

static void go_down(Walk *walk, int32_t node) {
    const Forks *forks = walk->forks;
    while (forks->feature[node] >= 0) {
        int32_t player = forks->player[node];
        uint8_t right;
        if (player >= 0) {
            uint8_t mine = forks->rows[node * walk->rows + walk->row];
            uint8_t theirs = forks->others[node * walk->others + walk->other];
            if (mine != theirs && walk->state[player] == OPEN) {
                int32_t one = mine ? forks->right[node] : forks->left[node];
                int32_t other = theirs ? forks->right[node] : forks->left[node];
                fork_walk(walk, player, one, other);
                return;
            }
            right = walk->state[player] == THEIRS ? theirs : mine;
        } else {
            const Together *asked = forks->together + (-2 - player);
            int64_t combination = 0;
            for (int64_t at = 0; at < asked->count; at++) {
                uint8_t state = walk->state[asked->players[at]];
                if (state == OPEN) {
                    fork_walk(walk, asked->players[at], node, node);
                    return;
                }
                combination |= (int64_t)(state == MINE) << at;
            }
            int64_t at = combination * asked->nodes + forks->place[node];
            int64_t pair = walk->row * walk->others + walk->other;
            right = asked->right[at * walk->rows * walk->others + pair];
        }
        node = right ? forks->right[node] : forks->left[node];
    }
    share_leaf(walk, node);
}

/* Settle a column both ways. */
static void fork_walk(Walk *walk, int32_t player, int32_t mine, int32_t theirs) {
    walk->settled[walk->counts[MINE] + walk->counts[THEIRS]] = player;
    int32_t next[3] = {0, mine, theirs};
    for (uint8_t whose = MINE; whose <= THEIRS; whose++) {
        walk->state[player] = whose;
        walk->counts[whose]++;
        go_down(walk, next[whose]);
        walk->counts[whose]--;
    }
    walk->state[player] = OPEN;
}

/* Add to `parts`, of every pair and column, what the columns have of all leaves. Returns 1 where there
 * is no memory, else 0. */
EXPORT int32_t modelwright_share(const Forks *forks, const double *slope, int64_t rows,
                                 int64_t others, double *parts) {
    uint8_t *state = calloc((size_t)forks->players + 1, 1);
    int32_t *settled = malloc(((size_t)forks->players + 1) * sizeof(int32_t));
    int failed = !state || !settled;
    Walk walk = {.forks = forks, .rows = rows, .others = others, .state = state, .settled = settled};
    /* Tree after tree: each is read while it is near. */
    for (; walk.tree < forks->trees && !failed; walk.tree++)
        for (int64_t pair = 0; pair < rows * others; pair++) {
            walk.row = pair / others;
            walk.other = pair % others;
            walk.slope = slope + pair * forks->columns;
            walk.parts = parts + pair * forks->players;
            go_down(&walk, forks->roots[walk.tree]);
        }
    free(state);
    free(settled);
    return failed;
}
