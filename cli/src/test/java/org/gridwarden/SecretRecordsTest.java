package org.gridwarden;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The toString that the compiler writes for a record prints all that it holds. */
class SecretRecordsTest {
  private static final Pattern SECRET =
      Pattern.compile(
          "password|passphrase|secret|token|bearer|pin|guek|gak|totp|.*password|.*secret|.*token");

  /** What is printed as it is; of an array only its address is, and Secret says its length. */
  private static final Pattern READABLE =
      Pattern.compile(
          "java\\.lang\\.(String|CharSequence)|java\\.util\\.(Optional|List)|java\\.lang\\.Object");

  @Test
  @DisplayName("C30 no record that holds a secret as text has the compiler's toString")
  void toStringTellsNothing() throws IOException {
    List<String> telling = new ArrayList<>();
    int looked = 0;
    for (JavaClass one :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.gridwarden")) {
      boolean mine = one.getName().startsWith(SecretRecordsTest.class.getName());
      Class<?> type = one.isRecord() && !mine ? load(one) : null;
      if (type != null) {
        looked++;
        if (Arrays.stream(type.getRecordComponents())
                .anyMatch(c ->
                    SECRET.matcher(c.getName().toLowerCase(Locale.ROOT)).matches()
                        && READABLE.matcher(c.getType().getName()).matches())
            && generated(type)) {
          telling.add(type.getName());
        }
      }
    }
    assertThat(looked).isGreaterThan(100);
    assertThat(generated(Sample.class)).as("the compiler's is known").isTrue();
    assertThat(generated(Quiet.class)).as("one's own is known").isFalse();
    assertThat(telling).isEmpty();
  }

  private record Sample(String password) {}

  private record Quiet(String password) {
    @Override
    public String toString() {
      return "Quiet";
    }
  }

  private static Class<?> load(JavaClass one) {
    try {
      return Class.forName(one.getName(), false, SecretRecordsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean generated(Class<?> type) throws IOException {
    String file = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      return model.methods().stream()
          .filter(m -> m.methodName().equalsString("toString"))
          .flatMap(m -> m.code().stream())
          .flatMap(code -> code.elementStream())
          .anyMatch(e ->
              e instanceof InvokeDynamicInstruction call
                  && call.bootstrapMethod().owner().displayName().equals("ObjectMethods"));
    }
  }
}
