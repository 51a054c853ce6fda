package parley.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import parley.mikey.secret.SecretAccess;

/// The arrows between modules and packages, and the house rules that a compiler does not know.
class ArchitectureTest {
  private static final JavaClasses PARLEY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(place -> !place.contains("-tests.jar"))
          .importPackages("parley");

  private static final String[] KEY_PACKAGES = {
    "parley.mikey.secret..",
    "parley.mikey.eccsi..",
    "parley.mikey.sakke..",
    "parley.mikey.group..",
    "parley.keys.."
  };

  @Test
  void seesAllModules() {
    assertThat(packages())
        .contains("parley.srtp", "parley.mikey.group", "parley.keys.vault", "parley.gateway.media");
  }

  @Test
  void srtpKnowsNothingButTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("parley.srtp..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("parley..")
                .and(
                    DescribedPredicate.not(resideInAnyPackage("parley.srtp..", "parley.kernel.."))))
        .check(PARLEY);
    classes()
        .that()
        .resideInAPackage("parley.srtp..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "parley.srtp..", "parley.kernel..", "java..", "javax.crypto..", "org.jspecify.."))
        .check(PARLEY);
  }

  @Test
  void mikeyKnowsNoOtherModule() {
    noClasses()
        .that()
        .resideInAPackage("parley.mikey..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("parley.srtp..", "parley.keys..", "parley.gateway.."))
        .check(PARLEY);
  }

  @Test
  void keysKnowOnlyMikey() {
    noClasses()
        .that()
        .resideInAPackage("parley.keys..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("parley.srtp..", "parley.gateway.."))
        .check(PARLEY);
  }

  @Test
  void nettyStaysOutOfSrtpAndMikey() {
    noClasses()
        .that()
        .resideInAnyPackage("parley.srtp..", "parley.mikey..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.netty.."))
        .check(PARLEY);
  }

  @Test
  void theMediaPlaneDoesNotKnowWhoCommandsIt() {
    noClasses()
        .that()
        .resideInAPackage("parley.gateway.media..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "parley.gateway.keying..",
                "parley.gateway.record..",
                "parley.gateway.admin..",
                "parley.gateway.config..",
                "parley.gateway.cli..",
                "parley.gateway.ue..",
                "parley.keys.."))
        .check(PARLEY);
  }

  @Test
  void nothingKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("parley.gateway.cli..", "parley.gateway.demo..")
        .should()
        .dependOnClassesThat(resideInAPackage("parley.gateway.cli.."))
        .check(PARLEY);
  }

  /// A record prints and exposes its components, so one that holds octets would show a key.
  @Test
  void noRecordOfAKeyPackageHoldsOctets() {
    noClasses()
        .that(resideInAnyPackage(KEY_PACKAGES).and(isRecord()))
        .should(haveAnOctetArray())
        .check(PARLEY);
  }

  @Test
  void onlyNamedPackagesReadSecrets() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "parley.mikey..", "parley.keys..", "parley.gateway.keying..", "parley.gateway.record..")
        .should()
        .callMethod(SecretAccess.class, "token")
        .check(PARLEY);
  }

  @Test
  void nothingPrintsOrLogsPastTheLogger() {
    noClasses().should().dependOnClassesThat(resideInAPackage("java.util.logging..")).check(PARLEY);
    noClasses()
        .that()
        .resideOutsideOfPackages("parley.gateway.cli..", "parley.gateway.demo..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(PARLEY);
  }

  @Test
  void everyPackageIsNullMarked() {
    List<String> unmarked =
        PARLEY.stream()
            .map(JavaClass::getPackage)
            .filter(p ->
                p.tryGetPackageInfo()
                    .filter(info -> info.isAnnotatedWith(NullMarked.class))
                    .isEmpty())
            .map(JavaPackage::getName)
            .distinct()
            .sorted()
            .toList();

    assertThat(unmarked).isEmpty();
  }

  /// Only the receive times of packets are taken from the system, by UnixNanos.
  @Test
  void timeIsInjectedBelowTheGateway() {
    noClasses()
        .that()
        .resideInAnyPackage("parley.srtp..", "parley.mikey..", "parley.gateway.media..")
        .and()
        .doNotHaveSimpleName("UnixNanos")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(PARLEY);
  }

  private static Set<String> packages() {
    return new TreeSet<>(PARLEY.stream().map(JavaClass::getPackageName).toList());
  }

  private static DescribedPredicate<JavaClass> isRecord() {
    return DescribedPredicate.describe("is a record", JavaClass::isRecord);
  }

  private static ArchCondition<JavaClass> haveAnOctetArray() {
    return new ArchCondition<>("have a byte[] component") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean holds =
            type.getFields().stream()
                .anyMatch(field -> field.getRawType().isEquivalentTo(byte[].class));
        events.add(new SimpleConditionEvent(type, holds, type.getName() + " holds a byte[]"));
      }
    };
  }
}
