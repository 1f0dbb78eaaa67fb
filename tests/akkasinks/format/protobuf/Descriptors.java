package akkasinks.format.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TimestampProto;
import java.nio.ByteBuffer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Schemas' texts as Google's own library knows them, which checks what they say. */
public final class Descriptors {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package (.+);$");
  private static final Pattern MESSAGE = Pattern.compile("(?ms)^message (\\w+) \\{\\n(.*?)^\\}$");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^  (optional |repeated |)(map<string, string>|[\\w.]+) (\\w+) = (\\d+);$");

  private Descriptors() {}

  /** The first message of a schema that our format wrote. */
  public static Descriptor first(String schema) {
    var file = FileDescriptorProto.newBuilder().setName("t.proto").setSyntax("proto3");
    PACKAGE.matcher(schema).results().forEach(p -> file.setPackage(p.group(1)));
    if (schema.contains("\nimport \"google/protobuf/timestamp.proto\";\n")) {
      file.addDependency("google/protobuf/timestamp.proto");
    }
    MESSAGE.matcher(schema).results().forEach(m -> file.addMessageType(message(m)));
    try {
      return FileDescriptor.buildFrom(
              file.build(), new FileDescriptor[] {TimestampProto.getDescriptor()})
          .getMessageTypes()
          .getFirst();
    } catch (DescriptorValidationException e) {
      throw new AssertionError("no schema: " + e.getMessage() + "\n" + schema, e);
    }
  }

  /** Reads a framed message; holds that the frame is as it must be. */
  public static DynamicMessage read(String schema, int id, byte[] message) {
    var frame = ByteBuffer.wrap(message);
    if (frame.get() != 0 || frame.getInt() != id || frame.get() != 0) {
      throw new AssertionError("not framed");
    }
    byte[] body = new byte[frame.remaining()];
    frame.get(body);
    try {
      var read = DynamicMessage.parseFrom(first(schema), body);
      if (!read.getUnknownFields().asMap().isEmpty()) {
        throw new AssertionError("fields that the schema lacks: " + read);
      }
      return read;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static DescriptorProto message(MatchResult found) {
    var message = DescriptorProto.newBuilder().setName(found.group(1));
    FIELD.matcher(found.group(2)).results().forEach(f -> add(f, message));
    return message.build();
  }

  private static void add(MatchResult found, DescriptorProto.Builder message) {
    String type = found.group(2);
    var field =
        FieldDescriptorProto.newBuilder()
            .setName(found.group(3))
            .setNumber(Integer.parseInt(found.group(4)))
            .setLabel(
                found.group(1).equals("repeated ") ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    switch (type) {
      case "map<string, string>" -> {
        message.addNestedType(entry());
        field.setLabel(Label.LABEL_REPEATED).setTypeName("EntriesEntry");
      }
      case "bool", "int32", "int64", "uint32", "float", "double", "string", "bytes" ->
          field.setType(Type.valueOf("TYPE_" + type.toUpperCase(java.util.Locale.ROOT)));
      default -> field.setTypeName(type);
    }
    if (found.group(1).equals("optional ")) {
      field.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
      message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + found.group(3)));
    }
    message.addField(field);
  }

  private static DescriptorProto entry() {
    var part =
        FieldDescriptorProto.newBuilder().setType(Type.TYPE_STRING).setLabel(Label.LABEL_OPTIONAL);
    return DescriptorProto.newBuilder()
        .setName("EntriesEntry")
        .setOptions(MessageOptions.newBuilder().setMapEntry(true))
        .addField(part.clone().setName("key").setNumber(1))
        .addField(part.clone().setName("value").setNumber(2))
        .build();
  }
}
