/*
 * Heat diffusion as one writes it by hand with MPI: the peer of `weft bench
 * heat`, which builds it with MPICH and with Open MPI. By hand:
 *
 *   mpicc -O3 -std=gnu11 -o heat_mpi heat_mpi.c -lm
 *   mpiexec -n 2 heat_mpi ROWS COLUMNS ITERATIONS [DEPTH [RUNS]]
 *
 * ROWS x COLUMNS is the whole array, its fixed ring included; top 100, all
 * else 0. Ranks own bands of rows. DEPTH 1 is the textbook: every iteration
 * the halo rows travel by non-blocking messages while the interior is swept,
 * then the two rims follow, and the largest change is reduced over all ranks.
 * DEPTH k > 1 exchanges k rows every k iterations, computes the halo's rows
 * redundantly and reduces the changes of k iterations at once.
 *
 * The sweep is vectorised for AVX2 together with its maximum, four rows at a
 * time so that they share loads; each rank touches its memory before the
 * clock starts. Every run begins anew; the first is not counted.
 *
 * Prints one line of JSON: the rates of all runs in million updates a second
 * of cells inside the ring, the last largest change, and the sum of all cells.
 */
#include <immintrin.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { align_cells = 8, runs_max = 100, depth_max = 64 };

struct band {
  long rows;    /* own rows */
  long columns; /* inside the ring */
  long stride;
  long depth;
  int up, down; /* neighbours, or MPI_PROC_NULL */
  double* now;
  double* next;
};

/* The cell at an own row (negative in the halo) and a column inside the ring.
 */
static double* at(const struct band* b, double* array, long row, long column) {
  return array + (row + b->depth) * b->stride + align_cells + column;
}

static inline __attribute__((always_inline, target("avx2"))) void
sweep_group(const double* from, double* to, long stride, const int rows,
            __m256d* worst) {
  const __m256d quarter = _mm256_set1_pd(0.25);
  const __m256d sign = _mm256_set1_pd(-0.0);
  __m256d middle[6];
#pragma GCC unroll 8
  for (int row = 0; row < rows + 2; ++row)
    middle[row] = _mm256_loadu_pd(from + (row - 1) * stride);
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
    const double* here = from + row * stride;
    __m256d sum = _mm256_add_pd(middle[row], middle[row + 2]);
    sum = _mm256_add_pd(sum, _mm256_loadu_pd(here - 1));
    sum = _mm256_add_pd(sum, _mm256_loadu_pd(here + 1));
    __m256d value = _mm256_mul_pd(sum, quarter);
    _mm256_storeu_pd(to + row * stride, value);
    __m256d change =
        _mm256_andnot_pd(sign, _mm256_sub_pd(value, middle[row + 1]));
    worst[row % 2] = _mm256_max_pd(change, worst[row % 2]);
  }
}

static inline __attribute__((always_inline, target("avx2"))) void
sweep_group_of(const double* from, double* to, long stride, long columns,
               const int rows, __m256d* worst, double* worst_cell) {
  long column = 0;
  for (; column + 4 <= columns; column += 4)
    sweep_group(from + column, to + column, stride, rows, worst);
  for (; column < columns; ++column)
    for (int row = 0; row < rows; ++row) {
      const double* here = from + row * stride + column;
      double value =
          (((here[-stride] + here[stride]) + here[-1]) + here[1]) / 4;
      double change = fabs(value - *here);
      to[row * stride + column] = value;
      *worst_cell = change > *worst_cell ? change : *worst_cell;
    }
}

/* Sweeps own rows begin to end - 1; the largest change. */
static __attribute__((target("avx2"))) double sweep(const struct band* b,
                                                    long begin, long end) {
  __m256d worst[2] = {_mm256_setzero_pd(), _mm256_setzero_pd()};
  double worst_cell = 0;
  long row = begin;
  for (; row + 4 <= end; row += 4)
    sweep_group_of(at(b, b->now, row, 0), at(b, b->next, row, 0), b->stride,
                   b->columns, 4, worst, &worst_cell);
  for (; row < end; ++row)
    sweep_group_of(at(b, b->now, row, 0), at(b, b->next, row, 0), b->stride,
                   b->columns, 1, worst, &worst_cell);
  double lanes[4];
  _mm256_storeu_pd(lanes, _mm256_max_pd(worst[0], worst[1]));
  for (int lane = 0; lane < 4; ++lane)
    worst_cell = lanes[lane] > worst_cell ? lanes[lane] : worst_cell;
  return worst_cell;
}

static void swap(struct band* b) {
  double* old = b->now;
  b->now = b->next;
  b->next = old;
}

/* Begins to exchange the halo rows of the present state. */
static void begin_exchange(struct band* b, MPI_Request* requests) {
  int count = (int)(b->depth * b->stride);
  double* first = at(b, b->now, 0, -align_cells);
  MPI_Irecv(first - b->depth * b->stride, count, MPI_DOUBLE, b->up, 0,
            MPI_COMM_WORLD, &requests[0]);
  MPI_Irecv(first + b->rows * b->stride, count, MPI_DOUBLE, b->down, 1,
            MPI_COMM_WORLD, &requests[1]);
  MPI_Isend(first, count, MPI_DOUBLE, b->up, 1, MPI_COMM_WORLD, &requests[2]);
  MPI_Isend(first + (b->rows - b->depth) * b->stride, count, MPI_DOUBLE,
            b->down, 0, MPI_COMM_WORLD, &requests[3]);
}

static double larger(double a, double b) {
  return a > b ? a : b;
}

/* One exchange and up to depth iterations; the largest change of the last. */
static double do_block(struct band* b, long levels) {
  MPI_Request requests[4];
  MPI_Status statuses[4];
  double changes[depth_max];
  begin_exchange(b, requests);
  long above = b->up == MPI_PROC_NULL ? 0 : levels - 1;
  long below = b->down == MPI_PROC_NULL ? 0 : levels - 1;
  double worst = sweep(b, 1, b->rows - 1);
  MPI_Waitall(4, requests, statuses);
  worst = larger(worst, sweep(b, -above, 1));
  changes[0] = larger(worst, sweep(b, b->rows - 1, b->rows + below));
  swap(b);
  for (long level = 1; level < levels; ++level) {
    above -= above > 0;
    below -= below > 0;
    changes[level] = sweep(b, -above, b->rows + below);
    swap(b);
  }
  MPI_Allreduce(MPI_IN_PLACE, changes, (int)levels, MPI_DOUBLE, MPI_MAX,
                MPI_COMM_WORLD);
  return changes[levels - 1];
}

static double* allocate(size_t cells) {
  size_t bytes = cells * sizeof(double) + ((size_t)2 << 20);
  void* memory = NULL;
  if (posix_memalign(&memory, (size_t)2 << 20, bytes))
    MPI_Abort(MPI_COMM_WORLD, 1);
  madvise(memory, bytes, MADV_HUGEPAGE);
  return memory;
}

/* The state before the first iteration, in both arrays. */
static void reset(struct band* b) {
  size_t cells = (size_t)((b->rows + 2 * b->depth) * b->stride);
  memset(b->now, 0, cells * sizeof(double));
  memset(b->next, 0, cells * sizeof(double));
  if (b->up != MPI_PROC_NULL)
    return;
  for (long column = 0; column < b->columns; ++column) {
    *at(b, b->now, -1, column) = 100;
    *at(b, b->next, -1, column) = 100;
  }
}

static struct band make_band(long rows, long columns, long depth) {
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  long inside = rows - 2;
  struct band b = {.columns = columns - 2, .depth = depth};
  b.rows = inside / ranks + (rank < inside % ranks);
  b.stride = (columns - 2 + 3 * align_cells - 1) / align_cells * align_cells;
  /* Rows a multiple of a page apart would share the sets of the cache. */
  if (b.stride % 512 < 2 * align_cells)
    b.stride += 2 * align_cells;
  b.up = rank == 0 ? MPI_PROC_NULL : rank - 1;
  b.down = rank == ranks - 1 ? MPI_PROC_NULL : rank + 1;
  if (b.rows < depth || b.rows < 2)
    MPI_Abort(MPI_COMM_WORLD, 2);
  size_t cells = (size_t)((b.rows + 2 * depth) * b.stride);
  b.now = allocate(cells);
  b.next = allocate(cells);
  return b;
}

static double sum_of(const struct band* b) {
  double sum = 0, all = 0;
  for (long row = 0; row < b->rows; ++row)
    for (long column = 0; column < b->columns; ++column)
      sum += *at(b, b->now, row, column);
  MPI_Reduce(&sum, &all, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  return all;
}

/* Seconds of the slowest rank. */
static double run(struct band* b, long iterations, double* change) {
  reset(b);
  MPI_Barrier(MPI_COMM_WORLD);
  double began = MPI_Wtime();
  for (long done = 0; done < iterations;) {
    long left = iterations - done;
    long levels = left < b->depth ? left : b->depth;
    *change = do_block(b, levels);
    done += levels;
  }
  double seconds = MPI_Wtime() - began;
  MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return seconds;
}

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  long rows = argc > 1 ? atol(argv[1]) : 0;
  long columns = argc > 2 ? atol(argv[2]) : 0;
  long iterations = argc > 3 ? atol(argv[3]) : 0;
  long depth = argc > 4 ? atol(argv[4]) : 1;
  long runs = argc > 5 ? atol(argv[5]) : 9;
  if (rows < 4 || columns < 3 || iterations < 1 || depth < 1
      || depth > depth_max || runs < 1 || runs > runs_max) {
    fprintf(stderr, "usage: heat_mpi ROWS COLUMNS ITERATIONS [DEPTH [RUNS]]\n");
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  struct band b = make_band(rows, columns, depth);
  double rates[runs_max], change = 0;
  for (long which = -1; which < runs; ++which) {
    double seconds = run(&b, iterations, &change);
    if (which >= 0)
      rates[which] = (double)(rows - 2) * (double)(columns - 2)
                     * (double)iterations / seconds / 1e6;
  }
  double sum = sum_of(&b);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) {
    printf("{\"mlups\": [");
    for (long which = 0; which < runs; ++which)
      printf("%s%.9g", which ? ", " : "", rates[which]);
    printf("], \"final_change\": %.17g, \"sum\": %.17g}\n", change, sum);
  }
  MPI_Finalize();
  return 0;
}
