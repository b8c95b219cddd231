package org.gridwarden.dlms.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.stream.Stream;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever stands in a request's other information is an order's, or is refused. */
class OrderInformationFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(OrderInformationTest.ORDER.bytes(), new byte[0], new byte[] {2, 5});
  }

  @MethodSource("seeds")
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      OrderInformation read = OrderInformation.parse(bytes);
      assertThat(read.bytes()).isEqualTo(bytes);
      assertThat(read.id().length()).isEqualTo(OrderInformation.ID);
      assertThat(read.notBefore()).isBefore(read.expires()).isAfterOrEqualTo(Instant.EPOCH);
      assertThat(read.id()).isEqualTo(OctetString.of(read.id().bytes()));
    } catch (DlmsException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
