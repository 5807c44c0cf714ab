package io.appdbs;

import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arrows between the packages. A rule about a package without classes holds.
 */
class ArchitectureTests {

	private static final String BASE = "io.appdbs";

	private static final String EVERY_SUB_PACKAGE = "io.appdbs.*..";

	/** What the base hands out, which sees nothing else. */
	private static final String[] OFFERS = { "io.appdbs.inspection", "io.appdbs.schema", "io.appdbs.maintenance",
			"io.appdbs.backup" };

	private static final String ENGINE = "io.appdbs.engine..";

	private static final String SETTINGS = "io.appdbs.settings..";

	private static final String CONFIG = "io.appdbs.config..";

	private static final String BEAN = "io.appdbs.bean..";

	private static final String JDBC = "io.appdbs.jdbc..";

	private static final String CONTAINER = "io.appdbs.container..";

	private static final String MONGO = "io.appdbs.mongo..";

	private static final String AUTOCONFIGURE = "io.appdbs.autoconfigure..";

	private static final String BOOT = "org.springframework.boot..";

	private static final String BOOT_AUTO_CONFIGURATION = "org.springframework.boot..autoconfigure..";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(BASE);

	@Test
	void theClassesUnderTestAreFound() {
		assertThat(CLASSES.contain(Databases.class)).isTrue();
		assertThat(CLASSES.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void theBaseSeesWhatItHandsOutAlone() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(BASE)
			.should()
			.dependOnClassesThat(inSubPackagesExcept(OFFERS)));
	}

	@Test
	void whatTheBaseHandsOutSeesNoOtherPackage() {
		for (String offer : OFFERS) {
			check(ArchRuleDefinition.noClasses()
				.that()
				.resideInAPackage(offer)
				.should()
				.dependOnClassesThat(inSubPackagesExcept(offer)));
		}
	}

	@Test
	void theBaseSeesNoBoot() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(BASE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(BOOT));
	}

	@Test
	void enginesSeeTheBaseAlone() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ENGINE)
			.should()
			.dependOnClassesThat(inSubPackagesExcept(and(OFFERS, ENGINE))));
	}

	@Test
	void enginesSeeNoAutoConfigurationOfBoot() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ENGINE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(BOOT_AUTO_CONFIGURATION));
	}

	@Test
	void settingsSeeTheBaseAndTheEnginesAlone() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(SETTINGS)
			.should()
			.dependOnClassesThat(inSubPackagesExcept(and(OFFERS, SETTINGS, ENGINE))));
	}

	@Test
	void beansAreSeenByTheAutoConfigurationAlone() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(BEAN, AUTOCONFIGURE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(BEAN));
	}

	@Test
	void theConfigurationIsSeenWhereDatabasesAreDeclaredAlone() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(CONFIG, BEAN, AUTOCONFIGURE, CONTAINER)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(CONFIG));
	}

	@Test
	void jdbcDoesNotSeeMongo() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(JDBC)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(MONGO));
	}

	@Test
	void mongoDoesNotSeeJdbc() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(MONGO)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(JDBC));
	}

	@Test
	void nothingSeesTheAutoConfiguration() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(AUTOCONFIGURE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(AUTOCONFIGURE));
	}

	@Test
	void packagesHaveNoCycles() {
		check(SlicesRuleDefinition.slices().matching("io.appdbs.(**)").should().beFreeOfCycles());
	}

	@Test
	void everyPackageIsNullMarked() {
		check(ArchRuleDefinition.classes().should(resideInANullMarkedPackage()));
	}

	@Test
	void autoConfigurationsArePublicAndFinal() {
		check(ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(AutoConfiguration.class)
			.or()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.should()
			.resideInAPackage(AUTOCONFIGURE)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.andShould()
			.beAnnotatedWith(AutoConfiguration.class)
			.andShould()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL));
	}

	@Test
	void autoConfigurationsHaveNoPublicMembersExceptTheConstructor() {
		check(ArchRuleDefinition.noMethods()
			.that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic());
		check(ArchRuleDefinition.noFields()
			.that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic());
		check(ArchRuleDefinition.noClasses()
			.that()
			.areNestedClasses()
			.and(DescribedPredicate.describe("are declared in an auto-configuration",
					(type) -> type.getEnclosingClass()
						.filter((outer) -> outer.isAnnotatedWith(AutoConfiguration.class))
						.isPresent()))
			.should()
			.bePublic());
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

	private static String[] and(String[] packages, String... others) {
		return Stream.concat(Stream.of(packages), Stream.of(others)).toArray(String[]::new);
	}

	private static DescribedPredicate<JavaClass> inSubPackagesExcept(String... excluded) {
		return JavaClass.Predicates.resideInAPackage(EVERY_SUB_PACKAGE)
			.and(JavaClass.Predicates.resideOutsideOfPackages(excluded));
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		return new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(type, marked, "Package of " + type.getDescription()
						+ ((marked) ? " is @NullMarked" : " has no package-info.java with @NullMarked")));
			}

		};
	}

}
