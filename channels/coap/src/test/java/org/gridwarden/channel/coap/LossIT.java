package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.TransportKey;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.dtls.DtlsLine;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that drops every tenth datagram, and brings every tenth twice. */
class LossIT {
  private static final int PERCENT = 10;
  private static final int EACH = 40;
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static CoapLine line(LossyRelay relay, MeterId meter, boolean dtls) throws Exception {
    return dtls
        ? CoapLine.secure(
            relay.address(),
            DtlsLine.client(
                Optional.empty(),
                meter.value(),
                TransportKey.DTLS.of(meter, TestOffice.key(meter, Purpose.MESSAGE))),
            PATIENCE)
        : CoapLine.plain(relay.address(), Optional.empty(), PATIENCE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("C1, C38: nothing is lost and nothing doubled under 10 % dropped, 10 % doubled")
  void nothingLostNothingDoubled(boolean dtls) throws Exception {
    try (TestOffice office = dtls ? TestOffice.secure() : new TestOffice();
        LossyRelay relay = new LossyRelay(office.address(), PERCENT, 20_261_126)) {
      List<Thread> meters = new ArrayList<>();
      List<Throwable> wrong = new ArrayList<>();
      for (MeterId meter : List.of(A, B)) {
        meters.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    tell(office, relay, meter, dtls);
                  } catch (Exception | AssertionError e) {
                    synchronized (wrong) {
                      wrong.add(e);
                    }
                  }
                }));
      }
      for (Thread meter : meters) {
        meter.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(relay.dropped.get()).isPositive();
      assertThat(relay.doubled.get()).isPositive();
      assertThat(office.channel.tally().of(Tally.What.STORED)).isEqualTo(2 * EACH);
      assertThat(office.submitted.stream().map(r -> r.id().toString()).distinct())
          .hasSize(2 * EACH);
      // the same message id is the same message: intake is not even asked again, but where a meter
      // gave a message up and began it anew
      assertThat(office.submitted.size()).isLessThanOrEqualTo(2 * EACH + 8);
    }
  }

  private static void tell(TestOffice office, LossyRelay relay, MeterId meter, boolean dtls)
      throws Exception {
    MeterEnd end = office.end(meter);
    try (CoapLine line = line(relay, meter, dtls)) {
      for (int i = 0; i < EACH; i++) {
        byte[] message =
            i % 10 == 9
                ? end.seal(Form.SENML_JSON, large(meter, 40 + i))
                : end.seal(Form.SENML_CBOR, usage(meter, i));
        // a meter keeps its message until it is acknowledged
        int tries = 0;
        while (!taken(line, message)) {
          assertThat(++tries).isLessThan(20);
        }
      }
    }
  }

  private static boolean taken(CoapLine line, byte[] message) throws InterruptedException {
    CompletableFuture<Response> answer = line.post("gw/usage", message, true);
    try {
      return answer.get(30, TimeUnit.SECONDS).getCode() == ResponseCode.CHANGED;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  @Test
  @DisplayName("what is posted unconfirmed comes once or not at all")
  void atMostOnce() throws Exception {
    try (TestOffice office = new TestOffice();
        LossyRelay relay = new LossyRelay(office.address(), PERCENT, 7);
        CoapLine line = line(relay, A, false)) {
      MeterEnd end = office.end(A);
      List<CompletableFuture<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(line.post("gw/usage", end.seal(Form.SENML_CBOR, usage(A, i)), false));
        if (i % 10 == 9) {
          Thread.sleep(100); // its rate is bounded: 16 of one caller wait at once
        }
      }
      // a last word that is confirmed comes after them
      assertThat(taken(line, end.seal(Form.SENML_CBOR, usage(A, 100)))).isTrue();
      long stored = office.channel.tally().of(Tally.What.STORED);
      assertThat(stored).isBetween(50L, 101L);
      assertThat(office.channel.tally().of(Tally.What.DUPLICATE)).isZero();
    }
  }
}
