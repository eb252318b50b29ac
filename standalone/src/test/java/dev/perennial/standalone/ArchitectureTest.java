package dev.perennial.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** The boundaries of the modules, checked where all of them can be seen. */
class ArchitectureTest {
    private static final List<String> SERVICES =
            List.of("generator", "scorer", "scheduler", "trainer", "evaluator", "registry");
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.perennial");

    @Test
    void a_service_never_depends_on_another() {
        for (String service : SERVICES) {
            String[] others = SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .map(other -> "dev.perennial." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.perennial." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("services share events, not code, so that each can be deployed alone")
                    .check(PRODUCT);
        }
    }

    @Test
    void nothing_but_the_standalone_server_depends_on_services_and_embedded_servers() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.perennial.common..", "dev.perennial.lora..", "dev.perennial.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES.stream()
                        .map(service -> "dev.perennial." + service + "..")
                        .toArray(String[]::new))
                .because("what many use must not know its users")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.perennial.standalone..", "dev.perennial.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.perennial.embedded..")
                .because("a service meets its database and broker by address, wherever they run")
                .check(PRODUCT);
    }

    @Test
    void the_fine_tuning_library_stands_alone() {
        noClasses()
                .that()
                .resideInAPackage("dev.perennial.lora..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "org.apache.kafka..", "java.sql..", "dev.perennial.common..")
                .because("other JVM projects use it without the platform")
                .check(PRODUCT);
    }

    @Test
    void features_do_not_go_round_in_circles() {
        for (String module : List.of("generator", "scorer", "scheduler", "trainer", "evaluator", "common")) {
            slices().matching("dev.perennial." + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("a feature that needs the one that needs it is one feature")
                    .allowEmptyShould(true)
                    .check(PRODUCT);
        }
    }

    @Test
    void packages_are_features_not_layers() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..controller..",
                        "..service..",
                        "..repository..",
                        "..dto..",
                        "..util..",
                        "..impl..",
                        "..helper..",
                        "..manager..")
                .because("a feature keeps its endpoint, logic, store and records together")
                .check(PRODUCT);
    }

    @Test
    void parts_are_wired_by_hand() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Autowired.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Value.class)
                .because("a service's parts and settings are listed in its configuration")
                .check(PRODUCT);
    }

    @Test
    void a_class_sits_in_common_only_while_two_services_use_it() {
        classes()
                .that()
                .resideInAPackage("dev.perennial.common..")
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should(beUsedByTwoServicesOrCommon())
                .because("common is for what is shared")
                .check(PRODUCT);
    }

    private static ArchCondition<JavaClass> beUsedByTwoServicesOrCommon() {
        return new ArchCondition<>("be used by two services, or by common itself") {
            @Override
            public void check(JavaClass shared, ConditionEvents events) {
                Set<String> users = shared.getDirectDependenciesToSelf().stream()
                        .map(dependency -> module(dependency.getOriginClass()))
                        .collect(Collectors.toSet());
                boolean used = users.contains("common") || users.size() >= 2;
                events.add(new SimpleConditionEvent(shared, used, shared.getName() + " is used by " + users));
            }
        };
    }

    private static String module(JavaClass origin) {
        return origin.getPackageName().split("\\.", -1)[2];
    }
}
