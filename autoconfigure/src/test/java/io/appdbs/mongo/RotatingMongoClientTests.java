package io.appdbs.mongo;

import com.mongodb.ReadPreference;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link RotatingMongoClient}.
 */
class RotatingMongoClientTests {

	private final MongoClient first = mock(RETURNS_DEEP_STUBS);

	private final MongoClient second = mock(RETURNS_DEEP_STUBS);

	private final RotatingMongoClient rotating = new RotatingMongoClient(this.first);

	private final MongoClient client = this.rotating.getClient();

	@Test
	void derivedObjectsUseTheCurrentClient() {
		MongoDatabase database = this.client.getDatabase("catalog").withReadPreference(ReadPreference.nearest());
		database.getCollection("product").countDocuments();
		this.rotating.replace(this.second);
		database.getCollection("product").countDocuments();
		MongoDatabase expected = this.second.getDatabase("catalog").withReadPreference(ReadPreference.nearest());
		verify(expected.getCollection("product")).countDocuments();
	}

	@Test
	void objectsAreDerivedOncePerClient() {
		MongoDatabase database = this.client.getDatabase("catalog");
		database.drop();
		database.drop();
		verify(this.first, times(1)).getDatabase("catalog");
	}

	@Test
	void aSessionKeepsItsClientAndOtherOperationsUseTheCurrentOne() {
		ClientSession session = mock();
		given(session.getOriginator()).willReturn(this.first);
		given(this.first.startSession()).willReturn(session);
		MongoCollection<Document> collection = this.client.getDatabase("catalog").getCollection("product");
		ClientSession begun = this.client.startSession();
		this.rotating.replace(this.second);
		collection.deleteOne(begun, new Document());
		collection.deleteMany(new Document());
		MongoCollection<Document> former = this.first.getDatabase("catalog").getCollection("product");
		MongoCollection<Document> current = this.second.getDatabase("catalog").getCollection("product");
		verify(former).deleteOne(begun, new Document());
		verify(former, times(0)).deleteMany(any());
		verify(current).deleteMany(new Document());
	}

	@Test
	void operationsOfSpringDataInATransactionUseItsSession() {
		ClientSession session = mock();
		given(session.getOriginator()).willReturn(this.first);
		new SimpleMongoClientDatabaseFactory(this.client, "catalog").withSession(session)
			.getMongoDatabase()
			.getCollection("product")
			.withReadPreference(ReadPreference.primary())
			.deleteOne(new Document());
		verify(this.first.getDatabase("catalog").getCollection("product").withReadPreference(ReadPreference.primary()))
			.deleteOne(session, new Document());
	}

	@Test
	void theExceptionOfTheDriverIsThrown() {
		given(this.first.startSession()).willThrow(new IllegalStateException("closed"));
		assertThatIllegalStateException().isThrownBy(this.client::startSession).withMessage("closed");
	}

	@Test
	void proxiesAreEqualOnlyToThemselves() {
		MongoDatabase database = this.client.getDatabase("catalog");
		assertThat(database).isEqualTo(database).isNotEqualTo(this.client.getDatabase("catalog"));
		assertThat(database.hashCode()).isEqualTo(database.hashCode());
	}

}
