package org.gridwarden.headend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LiveFeedTest {
  @Test
  void tellsOfContactAndContent() {
    List<LiveEvent> seen = new CopyOnWriteArrayList<>();
    try (LiveFeed feed = new LiveFeed();
        var hold = feed.subscribe(seen::add)) {
      feed.stored(Messages.alarm("M1", 1));
      await().until(() -> seen.size() == 2);
      assertThat(seen.get(0)).isInstanceOf(LiveEvent.Contact.class);
      assertThat(seen.get(1))
          .isInstanceOfSatisfying(
              LiveEvent.Raised.class,
              raised -> assertThat(raised.warning().code()).isEqualTo("tamper.magnet"));
      assertThat(hold.dropped()).isZero();
    }
  }

  @Test
  void aSlowSubscriberLosesTheOldestAndHoldsNobodyUp() {
    CountDownLatch go = new CountDownLatch(1);
    List<LiveEvent> slow = new CopyOnWriteArrayList<>();
    List<LiveEvent> quick = new CopyOnWriteArrayList<>();
    try (LiveFeed feed = new LiveFeed(100, 2);
        var held =
            feed.subscribe(event -> {
              try {
                go.await();
                slow.add(event);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
        var free = feed.subscribe(quick::add)) {
      for (int i = 0; i < 1_000; i++) {
        int sent = i + 1;
        feed.stored(Messages.bulk("M" + i, i));
        if (i % 50 == 49) {
          await().until(() -> quick.size() == sent); // itself quick enough to lose nothing
        }
      }
      assertThat(held.dropped()).isGreaterThanOrEqualTo(899);
      go.countDown();
      await().until(() -> slow.size() == 1_000 - held.dropped());
      assertThat(slow.getLast()).isEqualTo(quick.getLast());
      assertThat(free.dropped()).isZero();
      assertThatThrownBy(() -> feed.subscribe(quick::add))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aSubscriberThatThrowsIsCalledAgain() {
    List<LiveEvent> seen = new CopyOnWriteArrayList<>();
    try (LiveFeed feed = new LiveFeed();
        var hold =
            feed.subscribe(event -> {
              seen.add(event);
              throw new IllegalStateException("as this test wants it");
            })) {
      feed.stored(Messages.bulk("M1", 1));
      feed.stored(Messages.bulk("M2", 2));
      await().until(() -> seen.size() == 2);
      hold.close();
      assertThat(feed.subscribers()).isZero();
    }
  }
}
