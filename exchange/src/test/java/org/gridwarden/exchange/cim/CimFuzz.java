package org.gridwarden.exchange.cim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlLimits;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes as a message, it is refused in words, or written and read again it says the
 * same.
 */
class CimFuzz {
  private static final XmlLimits LIMITS = new XmlLimits(1 << 16, 2_000, 24, 4_096);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws Exception {
    boolean json = input.length > 0 && input[0] != '<';
    Element root;
    CimMessage message;
    try {
      root = CimReader.read(new ByteArrayInputStream(input), json, LIMITS);
      message = CimMessage.of(root);
    } catch (CimException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    try {
      if (message.header().verb().equals("get")) {
        assertThat(CimRequest.of(message)).isNotNull();
      } else if (message.header().noun().equals("EndDeviceControls")) {
        assertThat(CimControls.orders(message.needed())).isNotEmpty();
      } else {
        assertThat(CimMeters.entries(message.needed())).isNotEmpty();
      }
    } catch (CimException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    CimReader.write(root, json, written);
    CimMessage again =
        CimMessage.of(
            CimReader.read(
                new ByteArrayInputStream(written.toByteArray()), json, XmlLimits.of(1 << 20)));
    assertThat(again.header()).isEqualTo(message.header());
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "<RequestMessage xmlns='http://iec.ch/TC57/2011/schema/message'><Header><Verb>get</Verb>"
                + "<Noun>MeterReadings</Noun></Header><Request><StartTime>2026-03-14T00:00:00Z"
                + "</StartTime><EndDevice><mRID>M1</mRID></EndDevice></Request></RequestMessage>",
            "{\"RequestMessage\":{\"Header\":{\"Verb\":\"create\",\"Noun\":\"EndDeviceControls\"},"
                + "\"Payload\":{\"EndDeviceControls\":{\"EndDeviceControl\":[{\"EndDeviceControlType\""
                + ":{\"@ref\":\"3.31.0.18\"},\"EndDevices\":{\"mRID\":\"M1\"}}]}}}}",
            "{\"EventMessage\":{\"Header\":{\"Verb\":\"changed\",\"Noun\":\"MeterConfig\"},\"Payload\""
                + ":{\"MeterConfig\":{\"Meter\":{\"mRID\":\"M1\",\"Names\":[{\"name\":\"P\",\"NameType\":"
                + "{\"name\":\"ServicePoint\"}}]}}}}}")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
