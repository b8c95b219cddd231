import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Reads every Surefire and Failsafe report below the current folder and prints what ran: a row a module, then what was
 * skipped and why, then one line of totals. With --controls: a row for each security control that a test names.
 *
 * <p>Exit code 0 when all is well, 1 where a test failed, or where one was skipped and CI is true.
 */
void main(String[] args) throws Exception {
  boolean controls = List.of(args).contains("--controls");
  Map<String, int[]> modules = new TreeMap<>();
  List<String> skipped = new ArrayList<>();
  List<String> failed = new ArrayList<>();
  Map<Integer, Map<String, String>> byControl = new TreeMap<>();
  List<Path> reports;
  try (Stream<Path> files = Files.walk(Path.of("."))) {
    reports =
        files
            .filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
            .filter(f -> f.toString().contains("-reports"))
            .sorted()
            .toList();
  }
  DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
  factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
  for (Path report : reports) {
    String module = report.toString().replaceFirst("^\\./", "").replaceFirst("/target/.*", "");
    int[] count = modules.computeIfAbsent(module, k -> new int[3]);
    NodeList cases = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      String name = test.getAttribute("classname").replaceFirst(".*\\.", "") + "." + test.getAttribute("name");
      String result = "passed";
      String why = "";
      for (Node n = test.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n instanceof Element e && List.of("failure", "error", "skipped").contains(e.getTagName())) {
          result = e.getTagName().equals("skipped") ? "skipped" : "failed";
          why = e.getAttribute("message");
        }
      }
      switch (result) {
        case "skipped" -> {
          count[2]++;
          skipped.add(name + ": " + why.lines().findFirst().orElse(""));
        }
        case "failed" -> {
          count[1]++;
          failed.add(module + " " + name + ": " + why.lines().findFirst().orElse(""));
        }
        default -> count[0]++;
      }
      // the cases of one test with several are one line, and their values name no control
      String whole = name.replaceFirst("\\[\\d+\\].*", "");
      Matcher m = Pattern.compile("(?<![A-Za-z0-9])[cC]([1-9][0-9]?)(?![0-9A-Za-z])|(?<=[a-z._])C([1-9][0-9]?)(?![0-9a-z])").matcher(whole);
      while (m.find()) {
        int id = Integer.parseInt(m.group(1) != null ? m.group(1) : m.group(2));
        if (id <= 40) {
          byControl.computeIfAbsent(id, k -> new TreeMap<>()).merge(whole, result, (a, b) -> a.equals("failed") || b.equals("passed") ? a : b);
        }
      }
    }
  }
  int passed = 0;
  int bad = 0;
  int left = 0;
  IO.println("");
  IO.println(String.format("%-16s %8s %8s %8s", "room", "passed", "failed", "skipped"));
  for (Map.Entry<String, int[]> e : modules.entrySet()) {
    int[] c = e.getValue();
    IO.println(String.format("%-16s %8d %8d %8d", e.getKey(), c[0], c[1], c[2]));
    passed += c[0];
    bad += c[1];
    left += c[2];
  }
  if (controls) {
    IO.println("");
    IO.println("control  test");
    for (int id = 1; id <= 40; id++) {
      List<String> tests =
          byControl.getOrDefault(id, Map.of()).entrySet().stream().map(e -> e.getValue() + "  " + e.getKey()).toList();
      IO.println(String.format("C%-7d %s", id, tests.isEmpty() ? "-" : tests.getFirst()));
      tests.stream().skip(1).forEach(t -> IO.println("         " + t));
    }
  }
  if (!skipped.isEmpty()) {
    IO.println("");
    IO.println("Skipped, for want of a tool or a right on this machine:");
    skipped.forEach(s -> IO.println("  " + s));
  }
  if (!failed.isEmpty()) {
    IO.println("");
    IO.println("Failed:");
    failed.forEach(s -> IO.println("  " + s));
  }
  IO.println("");
  IO.println(passed + " passed, " + bad + " failed, " + left + " skipped");
  boolean ci = "true".equals(System.getenv("CI"));
  if (passed == 0) {
    IO.println("No test ran: build first.");
  }
  System.exit(bad > 0 || passed == 0 || ci && left > 0 ? 1 : 0);
}
