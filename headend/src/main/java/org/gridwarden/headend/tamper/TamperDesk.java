package org.gridwarden.headend.tamper;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges events after intake stored them: raises alarms, opens cases, puts meters in quarantine.
 * Each event is judged once, in the transaction that takes it out of the queue, so that a crash at
 * any moment loses nothing and does nothing twice. The most urgent come first. The live feed only
 * wakes it: what it missed is found by looking.
 *
 * <p>Stated time: a meter whose push arrived is in quarantine, and its case open, within two
 * seconds while the database answers (C19). Thread-safe.
 */
public final class TamperDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TamperDesk.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int MOST = 300;

  private final Store store;
  private final LiveFeed live;
  private final Judgement judgement;
  private final Semaphore wake = new Semaphore(0);
  private final LiveFeed.Subscription subscription;
  private final Thread thread;
  private int most = MOST;
  private volatile boolean closed;

  private TamperDesk(Store store, TamperPolicy policy, LiveFeed live, InstantSource clock) {
    this.store = store;
    this.live = live;
    this.judgement = new Judgement(store, policy, clock);
    this.subscription =
        live.subscribe(event -> {
          if (event instanceof LiveEvent.Raised) {
            wake.release();
          }
        });
    this.thread = Thread.ofPlatform().name("tamper-desk").daemon().unstarted(this::run);
  }

  /** Opens the desk: it begins with what was left over. */
  public static TamperDesk open(
      Store store, TamperPolicy policy, LiveFeed live, InstantSource clock) {
    TamperDesk desk = new TamperDesk(store, policy, live, clock);
    desk.thread.start();
    return desk;
  }

  private void run() {
    while (!closed) {
      try {
        boolean woken = wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (woken) {
          wake.drainPermits();
        }
        while (!closed && look()) {
          // until nothing is left
        }
      } catch (InterruptedException e) {
        // close() asks by the flag
      }
    }
  }

  /** One transaction. Returns whether more may wait. */
  private boolean look() throws InterruptedException {
    Judgement.Result result;
    try {
      int take = most;
      result = store.meters().changing(changes -> judgement.of(changes, take));
    } catch (RuntimeException e) {
      recover(e);
      return false;
    }
    boolean more = result.taken() == most;
    most = Math.min(MOST, most * 2);
    tell(result);
    return more;
  }

  /** Fewer at a time, until the one stands alone that cannot be judged; it goes to the end. */
  private void recover(RuntimeException why) throws InterruptedException {
    LOG.error("events that wait could not be judged; they are tried again", why);
    if (most > 1) {
      most = Math.max(1, most / 32);
    } else {
      try {
        store.alarmQueue().postpone();
      } catch (RuntimeException e) {
        LOG.warn("and the database does not answer", e);
      }
    }
    Thread.sleep(AFTER_FAILURE);
  }

  private void tell(Judgement.Result result) {
    List<LiveEvent> events = new ArrayList<>();
    try {
      store.alarms().find(result.alarms()).forEach(a -> events.add(new LiveEvent.AlarmMoved(a)));
      for (long id : result.cases()) {
        store.cases().find(id).map(LiveEvent.CaseMoved::new).ifPresent(events::add);
      }
    } catch (RuntimeException e) {
      LOG.warn("alarms were raised, and the live stream could not be told", e);
    }
    events.forEach(live::publish);
  }

  @Override
  public void close() {
    closed = true;
    subscription.close();
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
