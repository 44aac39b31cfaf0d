-- AlterTable
ALTER TABLE "operation" ADD COLUMN "memo" TEXT;
ALTER TABLE "operation" ADD COLUMN "partOf" TEXT;

-- CreateTable
CREATE TABLE "ml_node_intent" (
    "dir" TEXT NOT NULL,
    "nodeId" TEXT NOT NULL,
    "wanted" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "by" TEXT NOT NULL,
    "partOf" TEXT,

    PRIMARY KEY ("dir", "nodeId")
);
