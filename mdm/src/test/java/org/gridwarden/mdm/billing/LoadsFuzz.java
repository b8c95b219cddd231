package org.gridwarden.mdm.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as a file of readings, it is refused with its line, or is loads. */
class LoadsFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyText(byte[] input) throws Exception {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      Loads csv = Loads.read("f.csv", new BoundedLines(new StringReader(text)));
      assertThat(csv.loads()).isNotEmpty();
      assertThat(csv.loads()).allMatch(load -> load.values().length > 0);
    } catch (LoadFileException e) {
      assertThat(e.getMessage()).startsWith("f.csv");
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "meter,start,kwh\nm,2026-01-01T00:00:00+01:00,1\nm,2026-01-01T00:15:00+01:00,\n",
            "start,kw,meter,quality\n2026-01-01T00:00:00Z,-1.5,\"a,b\",x\n"
                + "2026-01-02T00:00:00-09:30,1e3,\"a,b\",\n")
        .map(s -> Arguments.of((Object) s.getBytes(StandardCharsets.UTF_8)));
  }
}
