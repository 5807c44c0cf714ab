package io.appdbs.repositories.strict;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
record StoredItem(@Id String id, String name) {

}
