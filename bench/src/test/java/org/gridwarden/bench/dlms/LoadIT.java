package org.gridwarden.bench.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.MeterServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load that is measured does what it says, with our client and our meter. */
class LoadIT {
  private static final String[] SECRETS = {
    "password=12345678",
    "key=000102030405060708090A0B0C0D0E0F",
    "auth-key=D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
  };

  @ParameterizedTest
  @CsvSource({"session,none", "session,lls", "session,gmac", "get,gmac", "profile,gmac"})
  void eachLoadIsDone(String what, String auth) throws Exception {
    try (MeterServer meter =
        MeterServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(1, LoadMeter.device(Words.of(SECRETS))),
            MeterServer.Limits.DEFAULT)) {
      String said =
          new LoadClient.Run(
                  Words.of(
                      "what=" + what,
                      "auth=" + auth,
                      "clients=3",
                      "millis=100",
                      "port=" + meter.port(),
                      SECRETS[0],
                      SECRETS[1],
                      SECRETS[2]))
              .call();
      Words done = Words.of(said.substring("done ".length()).split(" "));
      assertThat(done.text("failed", "")).as(said).isEqualTo("0");
      assertThat(done.number("ops", 0)).isPositive();
    }
  }

  @Test
  void aLoadThatFailsSaysSo() throws Exception {
    try (MeterServer meter =
        MeterServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(1, LoadMeter.device(Words.of(SECRETS))),
            MeterServer.Limits.DEFAULT)) {
      String said =
          new LoadClient.Run(
                  Words.of("what=get", "auth=lls", "password=wrong", "port=" + meter.port()))
              .call();
      assertThat(said).contains("ops=0").contains("failed=1").contains("opens_no_association");
    }
  }

  @Test
  void theShapesAreWhatTheySay() throws Exception {
    assertThat(Apdus.decode(CodecShapes.GET_REQUEST)).isInstanceOf(Service.GetNormal.class);
    assertThat(CodecShapes.words(1)).hasSize(12);
    assertThat(Apdus.decode(Apdus.encode(CodecShapes.profile()))).isEqualTo(CodecShapes.profile());
    CodecRates rates = new CodecRates();
    rates.make();
    assertThat(rates.get_request_encode()).isEqualTo(CodecShapes.GET_REQUEST);
    assertThat(rates.get_response_encode()).isEqualTo(CodecShapes.GET_RESPONSE);
    assertThat(rates.aarq_encode()).isEqualTo(CodecShapes.AARQ);
    assertThat(rates.aare_encode()).isEqualTo(CodecShapes.AARE);
    List<byte[]> last = rates.meter_profile();
    assertThat(Apdus.decode(last.getFirst()))
        .isInstanceOfSatisfying(
            Service.GotBlock.class, block -> assertThat(block.block().last()).isTrue());
  }
}
