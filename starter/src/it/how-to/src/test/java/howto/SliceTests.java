package howto;

import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the tests that the page prints.
 */
class SliceTests {

	@Test
	void testsOfThePageSucceed() {
		System.setProperty("ORDERS_URL", Server.create("testing"));
		try (Section section = new Section("test-with-some-of-the-databases")) {
			SummaryGeneratingListener listener = new SummaryGeneratingListener();
			LauncherFactory.create()
				.execute(LauncherDiscoveryRequestBuilder.request()
					.selectors(DiscoverySelectors.selectPackage("com.example.testing"))
					.build(), listener);
			assertThat(listener.getSummary().getFailures()).extracting(Failure::getException).isEmpty();
			assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(2);
		}
		finally {
			System.clearProperty("ORDERS_URL");
		}
	}

}
