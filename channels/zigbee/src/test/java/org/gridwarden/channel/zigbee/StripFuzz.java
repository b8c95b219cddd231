package org.gridwarden.channel.zigbee;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.channel.zigbee.Strips.Ratio;
import org.gridwarden.core.MeterId;

/** What a device says of itself, and what its outlets report: nothing but a value or none. */
class StripFuzz {
  private static final Ratio ONE = new Ratio(1, 10);
  private static final Outlet OUTLET = new Outlet(3, 3, ONE, ONE, ONE, new Ratio(7, 3));

  @FuzzTest
  void anyBytes(FuzzedDataProvider data) {
    int cluster =
        data.pickValue(new int[] {StripSetup.ON_OFF, Clusters.METERING, Clusters.MEASUREMENT});
    boolean unused = StripSetup.isOutlet(data.consumeBytes(64));
    Attributes.report(data.consumeRemainingAsBytes())
        .ifPresent(a -> StripValues.of(OUTLET, new MeterId("PS-1"), cluster, a, Instant.EPOCH));
  }
}
