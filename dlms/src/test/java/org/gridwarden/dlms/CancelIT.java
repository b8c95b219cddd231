package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A meter that opens an association and then is silent. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CancelIT {
  private static Thread silentMeter(ServerSocket listening, CountDownLatch asked) {
    MeterAssociation association = TestMeter.create().association(16);
    return Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = listening.accept();
              WrapperLink link = new WrapperLink(socket, 1, 16, 2048)) {
            link.send(association.answer(link.receive(Duration.ofSeconds(20))).getFirst());
            link.receive(Duration.ofSeconds(20));
            asked.countDown();
            // until the client closes
            link.receive(Duration.ofSeconds(20));
          } catch (Exception e) {
            // the client went away
          }
        });
  }

  private static Association open(ServerSocket listening) throws Exception {
    return Association.open(
        WrapperLink.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
            16,
            1,
            Duration.ofSeconds(5)),
        AssociationRequest.open().withPatience(Duration.ofSeconds(20)));
  }

  @Test
  @DisplayName("interrupting the waiting virtual thread closes the link and ends the call")
  void interrupt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> stillInterrupted = new AtomicReference<>(false);
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread meter = silentMeter(listening, asked);
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try (Association to = open(listening)) {
                  to.get(TestMeter.LEFT_VALUE);
                } catch (Exception e) {
                  thrown.set(e);
                  stillInterrupted.set(Thread.currentThread().isInterrupted());
                }
              });
      asked.await();
      caller.interrupt();
      caller.join();
      meter.join(); // whose client has gone
      assertThat(thrown.get())
          .isInstanceOf(InterruptedIOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
      assertThat(stillInterrupted.get()).isTrue();
    }
  }

  @Test
  @DisplayName("a call that must be done in a time ends then, before the patience for one answer")
  void deadline() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      silentMeter(listening, asked);
      try (Association to = open(listening)) {
        long begun = System.nanoTime();
        assertThatThrownBy(() ->
                to.within(
                    Duration.ofMillis(200),
                    a ->
                        // the shorter time holds
                        a.within(Duration.ofSeconds(120), b -> b.get(TestMeter.LEFT_VALUE))))
            .isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
      }
    }
  }
}
