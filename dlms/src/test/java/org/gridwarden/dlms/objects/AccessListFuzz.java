package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a meter shows as its object list is one, or is refused as none. */
class AccessListFuzz {
  static Stream<byte[]> seeds() {
    AccessRights clock =
        new AccessRights(
            8,
            0,
            ObisCode.parse("0.0.1.0.0.255"),
            new TreeMap<>(Map.of(1, 1, 2, 3)),
            new TreeMap<>(Map.of(6, 1)));
    return Stream.of(
        Axdr.encode(AccessList.encode(List.of(clock))), Axdr.encode(DlmsData.Array.of()));
  }

  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    try {
      DlmsData data = Axdr.decode(bytes);
      List<AccessRights> rights = AccessList.decode(data);
      assertThat(AccessList.decode(AccessList.encode(rights))).isEqualTo(rights);
    } catch (DlmsException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
