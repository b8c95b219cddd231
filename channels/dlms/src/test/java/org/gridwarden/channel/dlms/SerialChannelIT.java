package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Health;
import org.gridwarden.dlms.HdlcFrames;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.MBusFrames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S3: pushes on a serial line, segmented and through noise. */
class SerialChannelIT {
  private static final LinkInfo HDLC =
      new LinkInfo(LinkInfo.Kind.HDLC, LinkAddress.hdlc(1, 17), LinkAddress.hdlc(103));
  private static final LinkInfo MBUS =
      new LinkInfo(LinkInfo.Kind.MBUS, LinkAddress.accessPoint(1), LinkAddress.accessPoint(103));

  private final TestOffice office = new TestOffice();

  private static Channel channel(Path device) {
    return new DlmsChannelFactory()
        .create(Map.of("serial", List.of(Map.of("device", device.toString(), "speed", 115_200))))
        .get(0);
  }

  @Test
  void segmentedFramesThroughNoise(@TempDir Path folder) throws Exception {
    try (Socat line = Socat.open(folder);
        Channel channel = channel(line.office())) {
      channel.start(office.host());
      assertThat(channel.health().state()).isEqualTo(Health.State.UP);
      try (OutputStream out = Files.newOutputStream(line.meter())) {
        out.write(new byte[] {0x13, 0x7E, 0x55, (byte) 0xA0});
        byte[] first = TestOffice.sealed(TestOffice.push(false, TestOffice.NOW), 1);
        out.write(HdlcFrames.encode(HDLC, first, 40));
        out.write(new byte[] {0x68, 0x68, 0x7E, 0x00, 0x0F});
        byte[] second = TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), 2);
        out.write(MBusFrames.encode(MBUS, second));
        out.flush();
        await().atMost(TestOffice.SOON).until(() -> office.submitted.size() == 2);
        assertThat(office.submitted.get(0).raw()).isEqualTo(first);
        assertThat(office.submitted.get(1).raw()).isEqualTo(second);
      }
    }
  }

  @Test
  void aMissingDeviceIsToldWithTheRemedy(@TempDir Path folder) {
    Channel channel = channel(folder.resolve("nothing"));
    assertThatThrownBy(() -> channel.start(office.host()))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("channels.dlms.serial");
    channel.close();
  }
}
