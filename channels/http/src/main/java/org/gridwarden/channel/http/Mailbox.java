package org.gridwarden.channel.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Deadline;

/**
 * One meter's mailbox: one order at most, as one at a time waits for its receipt, and one question
 * for it at most, the latest. An order stays, so that an answer that was lost can be asked for
 * again, until its receipt came, the meter took it out, or its time is over. Thread-safe.
 */
final class Mailbox {
  private Optional<Order> order = Optional.empty();
  private Optional<CompletableFuture<Optional<Order>>> question = Optional.empty();
  private boolean asked;
  private long lastAsked;
  private long numbers;

  /**
   * An order that waits.
   *
   * @param number under which the meter answers it
   * @param message a secured message; not to be changed
   * @param until when it may be taken out
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Order(long number, byte[] message, Deadline until) {}

  /**
   * Asks for an order.
   *
   * @param wait how long to wait for one
   * @return completes with it, or with nothing when the time is over or somebody asks anew
   */
  CompletableFuture<Optional<Order>> ask(Duration wait) {
    CompletableFuture<Optional<Order>> mine = new CompletableFuture<>();
    Optional<CompletableFuture<Optional<Order>>> before;
    synchronized (this) {
      before = question;
      touched();
      Optional<Order> now = look();
      if (now.isPresent() || wait.isZero()) {
        question = Optional.empty();
        mine.complete(now);
      } else {
        question = Optional.of(mine);
      }
    }
    before.ifPresent(b -> b.complete(Optional.empty()));
    mine.whenComplete((found, failure) -> answered(mine));
    if (!wait.isZero()) {
      mine.completeOnTimeout(Optional.empty(), wait.toMillis(), TimeUnit.MILLISECONDS);
    }
    return mine;
  }

  private synchronized void answered(CompletableFuture<Optional<Order>> which) {
    if (question.isPresent() && question.get() == which) {
      question = Optional.empty();
    }
    touched();
  }

  private void touched() {
    asked = true;
    lastAsked = System.nanoTime();
  }

  /** Whether the meter asks now, or did within this time. */
  synchronized boolean isAsked(Duration grace) {
    return question.isPresent() || asked && System.nanoTime() - lastAsked < grace.toNanos();
  }

  /** Lays an order in. */
  void put(byte[] message, Deadline until) {
    Optional<CompletableFuture<Optional<Order>>> who;
    Optional<Order> laid;
    synchronized (this) {
      numbers++;
      laid = Optional.of(new Order(numbers, message, until));
      order = laid;
      who = question;
      question = Optional.empty();
    }
    who.ifPresent(w -> w.complete(laid));
  }

  /** What lies in it; nothing where its time is over. */
  synchronized Optional<Order> look() {
    order = order.filter(o -> !o.until().left().isNegative());
    return order;
  }

  /**
   * Takes an order out.
   *
   * @return whether it lay in it
   */
  synchronized boolean take(long number) {
    boolean there = look().filter(o -> o.number() == number).isPresent();
    if (there) {
      order = Optional.empty();
    }
    return there;
  }

  /** Its order was answered. */
  synchronized void empty() {
    order = Optional.empty();
  }

  /** Whoever waits gets nothing. */
  void close() {
    Optional<CompletableFuture<Optional<Order>>> who;
    synchronized (this) {
      who = question;
    }
    who.ifPresent(w -> w.complete(Optional.empty()));
  }
}
