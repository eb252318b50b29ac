package dev.perennial.lora.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Limited-memory BFGS for a smooth convex function (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5),
 * with a backtracking line search (Armijo). Deterministic.
 */
final class Lbfgs {
    private static final int HISTORY = 10;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final int MAX_HALVINGS = 30;

    private final Objective objective;
    private final Deque<Pair> history = new ArrayDeque<>();

    /** Value and gradient at a point. */
    @SuppressWarnings("ArrayRecordComponent") // vectors of this search, seen by nobody else
    record Point(double[] x, double value, double[] gradient) {}

    @FunctionalInterface
    interface Objective {
        Point at(double[] x);
    }

    /** A step, what it did to the gradient, and one over their inner product. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    private record Pair(double[] step, double[] change, double rho) {}

    Lbfgs(Objective objective) {
        this.objective = objective;
    }

    /** Goes on until no gradient component exceeds {@code tolerance} or no step helps. */
    double[] minimise(double[] start, int maxIterations, double tolerance) {
        Point point = objective.at(start);
        for (int i = 0; i < maxIterations && largest(point.gradient) > tolerance; i++) {
            Optional<Point> next = search(point, direction(point.gradient));
            if (next.isEmpty()) {
                break;
            }
            remember(point, next.get());
            point = next.get();
        }
        return point.x;
    }

    private Optional<Point> search(Point from, double[] direction) {
        double slope = dot(from.gradient, direction);
        double length = history.isEmpty() ? 1 / Math.max(largest(from.gradient), 1e-12) : 1;
        for (int i = 0; i < MAX_HALVINGS; i++) {
            Point next = objective.at(moved(from.x, direction, length));
            if (next.value <= from.value + SUFFICIENT_DECREASE * length * slope) {
                return Optional.of(next);
            }
            length /= 2;
        }
        return Optional.empty();
    }

    private void remember(Point from, Point to) {
        double[] step = moved(to.x, from.x, -1);
        double[] change = moved(to.gradient, from.gradient, -1);
        double curvature = dot(step, change);
        if (curvature > 1e-16) {
            history.addLast(new Pair(step, change, 1 / curvature));
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
    }

    /** Minus the approximate inverse Hessian times the gradient: the two-loop recursion. */
    private double[] direction(double[] gradient) {
        double[] q = gradient.clone();
        double[] alphas = new double[history.size()];
        int i = history.size();
        for (Iterator<Pair> newestFirst = history.descendingIterator(); newestFirst.hasNext(); ) {
            Pair pair = newestFirst.next();
            alphas[--i] = pair.rho * dot(pair.step, q);
            add(q, pair.change, -alphas[i]);
        }
        if (!history.isEmpty()) {
            Pair last = history.getLast();
            scale(q, 1 / (last.rho * dot(last.change, last.change)));
        }
        for (Pair pair : history) {
            add(q, pair.step, alphas[i++] - pair.rho * dot(pair.change, q));
        }
        scale(q, -1);
        return q;
    }

    private static double[] moved(double[] x, double[] by, double factor) {
        double[] result = x.clone();
        add(result, by, factor);
        return result;
    }

    private static void add(double[] x, double[] by, double factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] += factor * by[i];
        }
    }

    private static void scale(double[] x, double factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double largest(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
