package org.gridwarden.bench.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.bench.dlms.Comparison.Row;
import org.gridwarden.bench.dlms.Pairs.Pair;
import org.junit.jupiter.api.Test;

class ComparisonTextTest {
  private static Row row() {
    Map<Pair, List<Figures>> runs = new LinkedHashMap<>();
    runs.put(
        new Pair(Stack.OURS, Stack.OURS),
        List.of(new Figures(300, 4, 100, 6, 100), new Figures(500, 4, 100, 6, 100)));
    runs.put(new Pair(Stack.GURUX, Stack.GURUX), List.of(new Figures(200, 20, 1000, 20, 1000)));
    runs.put(new Pair(Stack.JDLMS, Stack.JDLMS), List.of(new Figures(100, 15, 3000, 15, 3000)));
    return new Row(new Load("get", "gmac", 50), runs);
  }

  @Test
  void ratiosAreToTheBetterPeerInEachRespect() {
    Row row = row();
    assertThat(row.betterPeer()).isEqualTo(Stack.GURUX);
    assertThat(row.ratio()).isEqualTo(400.0 / 200);
    assertThat(row.cpuRatio()).as("jDLMS takes less processor time").isEqualTo(30.0 / 10);
    assertThat(row.allocationRatio()).as("Gurux allocates less").isEqualTo(2000.0 / 200);
  }

  @Test
  void json() {
    assertThat(ComparisonText.json(List.of(row()), 2_000, 2))
        .startsWith("{\"bench\":\"dlms\",")
        .contains(
            "{\"what\":\"get\",\"auth\":\"gmac\",\"clients\":50,\"ours\":{\"per_s\":400.00,"
                + "\"runs_per_s\":[300.00,500.00],\"client_cpu_us\":4.00,\"meter_cpu_us\":6.00,"
                + "\"client_alloc_bytes\":100.00,\"meter_alloc_bytes\":100.00}")
        .endsWith(
            "\"better_peer\":\"gurux\",\"ratio\":2.00,\"cpu_ratio\":3.00,\"alloc_ratio\":10.00}]}");
  }

  @Test
  void whatWasNotMeasuredIsNull() {
    assertThat(ComparisonText.number(Double.NaN)).isEqualTo("null");
    assertThat(ComparisonText.number(12_345.6)).isEqualTo("12346");
  }
}
