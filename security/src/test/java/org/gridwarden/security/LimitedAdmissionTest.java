package org.gridwarden.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Admission.Ticket;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LimitedAdmissionTest {
  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");
  private static final Runnable NOTHING = () -> {};

  private static InetAddress address(int d) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, (byte) (d >> 8), (byte) d});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static AdmissionLimits limits(int total, int unauthenticated, int perSource) {
    return new AdmissionLimits(total, unauthenticated, perSource, 2, 10, 20, 1_000, 100, Set.of());
  }

  @Test
  @DisplayName("C40: 10,000 idle sessions from one address refuse nobody, not even at that address")
  void aFloodDisplacesItself() {
    LimitedAdmission admission = new LimitedAdmission(AdmissionLimits.defaults());
    AtomicInteger putOut = new AtomicInteger();
    List<Ticket> idle = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      idle.add(admission.admit(VIA, address(1), putOut::incrementAndGet).orElseThrow());
    }
    assertThat(putOut).hasValue(10_000 - 512);
    AtomicInteger honestPutOut = new AtomicInteger();
    Ticket neighbour =
        admission.admit(VIA, address(2), honestPutOut::incrementAndGet).orElseThrow();
    Ticket sameAddress =
        admission.admit(VIA, address(1), honestPutOut::incrementAndGet).orElseThrow();
    assertThat(neighbour.authenticated(new MeterId("M2"))).isTrue();
    assertThat(sameAddress.authenticated(new MeterId("M1"))).isTrue();
    for (int i = 0; i < 10_000; i++) {
      admission.admit(VIA, address(1), NOTHING);
    }
    assertThat(honestPutOut).as("proven sessions stay").hasValue(0);
    assertThat(admission.counts().sessions()).isEqualTo(514);
    idle.forEach(Ticket::close);
    assertThat(admission.counts().sessions()).isEqualTo(514);
  }

  @Test
  void theLongestSilentGoesFirst() {
    LimitedAdmission admission = new LimitedAdmission(limits(10, 10, 3));
    List<String> out = new ArrayList<>();
    Ticket a = admission.admit(VIA, address(1), () -> out.add("a")).orElseThrow();
    Ticket b = admission.admit(VIA, address(1), () -> out.add("b")).orElseThrow();
    Ticket c = admission.admit(VIA, address(1), () -> out.add("c")).orElseThrow();
    a.active();
    admission.admit(VIA, address(1), () -> out.add("d"));
    assertThat(out).containsExactly("b");
    c.close();
    admission.admit(VIA, address(1), () -> out.add("e"));
    assertThat(out).as("there was room").containsExactly("b");
    assertThat(b.authenticated(new MeterId("M"))).as("put out already").isFalse();
  }

  @Test
  void whereAllIsFullTheGreediestSourceGivesWay() {
    LimitedAdmission admission = new LimitedAdmission(limits(100, 6, 5));
    List<String> out = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      admission.admit(VIA, address(1), () -> out.add("greedy" + number));
    }
    admission.admit(VIA, address(2), () -> out.add("modest"));
    admission.admit(VIA, address(3), () -> out.add("modest"));
    assertThat(admission.admit(VIA, address(4), NOTHING)).isPresent();
    assertThat(admission.admit(VIA, address(5), NOTHING)).isPresent();
    assertThat(out).containsExactly("greedy0", "greedy1");
  }

  @Test
  void aMeterHoldsSoManySessionsWhereverItComesFrom() {
    LimitedAdmission admission = new LimitedAdmission(limits(100, 50, 50));
    MeterId meter = new MeterId("M");
    Ticket first = admission.admit(VIA, address(1), NOTHING).orElseThrow();
    Ticket second = admission.admit(VIA, address(2), NOTHING).orElseThrow();
    Ticket third = admission.admit(VIA, address(3), NOTHING).orElseThrow();
    assertThat(first.authenticated(meter)).isTrue();
    assertThat(first.authenticated(meter)).as("again is the same").isTrue();
    assertThat(second.authenticated(meter)).isTrue();
    assertThat(third.authenticated(meter)).isFalse();
    first.close();
    first.close();
    assertThat(third.authenticated(meter)).isTrue();
    assertThat(admission.counts().unauthenticated()).isZero();
  }

  @Test
  void fullOfProvenSessionsRefuses() {
    LimitedAdmission admission = new LimitedAdmission(limits(2, 2, 2));
    for (int i = 0; i < 2; i++) {
      Ticket ticket = admission.admit(VIA, address(i), NOTHING).orElseThrow();
      assertThat(ticket.authenticated(new MeterId("M" + i))).isTrue();
    }
    Optional<Ticket> more = admission.admit(VIA, address(9), NOTHING);
    assertThat(more).isEmpty();
    assertThat(admission.counts().refused()).isEqualTo(1);
  }

  @Test
  void aGatewayHasNoLimitOfItsOwn() {
    LimitedAdmission admission =
        new LimitedAdmission(limits(100, 50, 3).withGateways(Set.of(address(7))));
    AtomicInteger out = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      assertThat(admission.admit(VIA, address(7), out::incrementAndGet)).isPresent();
    }
    assertThat(out).hasValue(0);
    for (int i = 0; i < 200; i++) {
      assertThat(admission.datagram(VIA, address(7))).isTrue();
    }
  }

  @Test
  @DisplayName("C21: a flood of datagrams uses up its own tokens only, and no memory")
  void datagramsAreCountedPerSource() {
    AtomicLong now = new AtomicLong();
    DatagramLimits datagrams = new DatagramLimits(limits(10, 10, 5), now::get);
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += datagrams.take(address(1)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(20);
    assertThat(datagrams.take(address(2))).isTrue();
    now.addAndGet(1_000_000_000L);
    taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += datagrams.take(address(1)) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(10);
    for (int i = 0; i < 60_000; i++) {
      datagrams.take(address(i));
    }
    assertThat(datagrams.tracked()).isEqualTo(100);
  }

  @Test
  void anIpv6NetworkIsOneSource() throws UnknownHostException {
    assertThat(Source.of(InetAddress.getByName("2001:db8:1:2::1")))
        .isEqualTo(Source.of(InetAddress.getByName("2001:db8:1:2:ffff::9")))
        .isNotEqualTo(Source.of(InetAddress.getByName("2001:db8:1:3::1")));
    assertThat(Source.of(address(1))).isNotEqualTo(Source.of(address(2)));
  }

  @Test
  void manyThreadsLeaveNothingBehind() throws InterruptedException {
    LimitedAdmission admission = new LimitedAdmission(limits(200, 100, 20));
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int seed = t;
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failures.add(e))
              .start(() -> {
                for (int i = 0; i < 3_000; i++) {
                  int number = i;
                  admission
                      .admit(VIA, address((seed + i) % 5), NOTHING)
                      .ifPresent(ticket -> {
                        ticket.active();
                        if (number % 3 == 0) {
                          boolean ignored = ticket.authenticated(new MeterId("M" + number % 50));
                        }
                        ticket.close();
                      });
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(admission.counts().sessions()).isZero();
    assertThat(admission.counts().unauthenticated()).isZero();
    assertThat(admission.counts().sources()).isZero();
  }
}
